/**
 * What to say where there is nothing: what belongs here and what to do.
 * @module views/empty
 */
import { h, icon } from '../dom.js';
import { openChannel, openGuild } from '../store.js';

/**
 * @param {string} picture icon
 * @param {string} title
 * @param {...import('../dom.js').Child} lines
 */
export function emptyState(picture, title, ...lines) {
  return h('div', { class: 'empty' }, icon(picture), h('h2', {}, title), lines.map((line) => h('p', {}, line)));
}

/** What fills the middle when no channel can be shown. @param {import('../store.js').State} state */
export function nowhere(state) {
  if (!state.guilds.length) {
    return emptyState('server', 'No server yet',
      `${state.me?.name ?? 'This person'} is a member of no server, so there is nobody to talk to.`,
      'Choose another person at the bottom left, or invite your bot from the panel to a demo server first.');
  }
  return emptyState('hash', 'No channel to show',
    'This server has no text channel that you may read. Choose another server, or another person.');
}

/** The first thing in a channel's log. @param {import('../store.js').State} state */
export function channelStart(state) {
  const channel = openChannel(state);
  return h('div', { class: 'channel-start' },
    h('span', { class: 'channel-mark' }, icon('hash')),
    h('h2', {}, `Welcome to #${channel.name}`),
    h('p', {}, `This is the start of #${channel.name}. `, hint(state)));
}

/** @param {import('../store.js').State} state */
function hint(state) {
  const guild = openGuild(state);
  if (guild.commands.length) return ['Type ', h('kbd', {}, '/'), ' to see what the bots here can do.'];
  if (guild.members.some((member) => member.bot)) return 'The bots here have no commands yet: publish one in the panel and it appears at once.';
  return 'No bot is here yet: in the panel, open a bot and use Invite to bring it to this server.';
}

/** What the slash picker says without commands. @param {import('../store.js').State} state */
export function noCommands(state) {
  const guild = openGuild(state);
  const bots = guild?.members.some((member) => member.bot);
  return bots ? 'The bots of this server have no commands yet. Publish one in the panel; it appears here at once.'
    : 'No bot is in this server yet. In the panel, open a bot and use Invite to bring it here.';
}
