/**
 * The left side: the rail of servers, the channels of one, and who you are.
 * @module views/sides
 */
import { avatar } from '../avatar.js';
import { fill, h, icon, iconButton } from '../dom.js';
import { hrefTo } from '../route.js';
import { openGuild } from '../store.js';

const CATEGORY = 4;

/** @param {ReturnType<import('../store.js').createStore>} store */
export function mountRail(store) {
  const rail = h('nav', { class: 'rail', 'aria-label': 'Servers' });
  store.watch(['guilds', 'guildId', 'me', 'unread', 'panelUrl'], (state) => {
    fill(rail, home(state), h('ul', {}, state.guilds.map((guild) => h('li', {}, serverLink(guild, state)))));
  });
  return rail;
}

function home(state) {
  const mark = icon('mark');
  if (!state.panelUrl) return h('span', { class: 'rail-home', title: 'Social Cube sandbox' }, mark);
  return h('a', { class: 'rail-home', href: state.panelUrl, 'aria-label': 'Open the panel', title: 'Open the panel' }, mark);
}

function serverLink(guild, state) {
  const open = guild.id === state.guildId;
  const unread = guild.channels.some((channel) => state.unread.has(channel.id));
  const props = {
    class: unread ? 'server-link unread' : 'server-link', href: hrefTo({ as: state.me.id, server: guild.id }),
    title: guild.name, 'aria-current': open && 'true', 'aria-label': unread ? `${guild.name}, unread messages` : guild.name,
  };
  return h('a', props, avatar(guild, 'server'));
}

/**
 * @param {ReturnType<import('../store.js').createStore>} store
 * @param {object} actions
 */
export function mountChannels(store, actions) {
  const name = h('h2', { class: 'guild-name' });
  const list = h('ul', { class: 'channel-list' });
  const self = h('section', { class: 'self', 'aria-label': 'You' });
  store.watch(['guilds', 'guildId', 'channelId', 'unread', 'me', 'loaded'], (state) => {
    const guild = openGuild(state);
    fill(name, guild?.name ?? (state.loaded ? 'No server' : 'Loading…'));
    fill(list, guild ? channelRows(guild, state) : []);
    fill(self, state.me ? selfCard(state.me, actions) : null);
  });
  return h('div', { class: 'channels' }, h('header', { class: 'pane-head' }, name),
    h('nav', { class: 'channel-nav', 'aria-label': 'Channels' }, list), self);
}

/** Channels in their order: those without a category first, then each category with its own. */
function channelRows(guild, state) {
  const sorted = [...guild.channels].sort((one, other) => one.position - other.position);
  const inside = (parent) => sorted.filter((each) => each.type !== CATEGORY && (each.parent_id ?? null) === parent);
  const categories = sorted.filter((each) => each.type === CATEGORY);
  const row = (channel) => h('li', {}, channelLink(channel, guild, state));
  return [inside(null).map(row), categories.map((category) => h('li', { class: 'category' },
    h('span', {}, category.name), h('ul', { 'aria-label': category.name }, inside(category.id).map(row))))];
}

function channelLink(channel, guild, state) {
  const open = channel.id === state.channelId;
  const unread = state.unread.has(channel.id);
  if (!channel.readable) {
    return h('span', { class: 'channel-link locked', title: 'This channel cannot be opened here' }, icon('volume'), h('span', {}, channel.name));
  }
  return h('a', {
    class: unread ? 'channel-link unread' : 'channel-link',
    href: hrefTo({ as: state.me.id, server: guild.id, channel: channel.id }),
    'aria-current': open && 'page', 'aria-label': unread ? `${channel.name}, unread messages` : channel.name,
  }, icon('hash'), h('span', {}, channel.name));
}

function selfCard(me, actions) {
  return [avatar(me, 'person'),
    h('div', { class: 'self-name' }, h('b', {}, me.name), h('span', {}, me.part || `@${me.username}`)),
    iconButton('swap', 'Be someone else', actions.changePerson)];
}
