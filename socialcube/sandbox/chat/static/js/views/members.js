/**
 * The right side: the bots and people of the open server.
 * @module views/members
 */
import { avatar, kindOf } from '../avatar.js';
import { fill, h } from '../dom.js';
import { openGuild } from '../store.js';

const STATUS = { online: 'Online', idle: 'Idle', dnd: 'Do not disturb', offline: 'Offline' };

/** @param {ReturnType<import('../store.js').createStore>} store */
export function mountMembers(store) {
  const lists = h('div', {});
  store.watch(['guilds', 'guildId', 'me'], (state) => {
    const members = openGuild(state)?.members ?? [];
    const bots = members.filter((member) => member.bot);
    const people = members.filter((member) => !member.bot);
    fill(lists, group('Bots', bots, state, 'No bot is here yet. Invite one from the panel.'), group('People', people, state, ''));
  });
  return h('aside', { class: 'members', 'aria-label': 'Members' }, lists);
}

function group(title, members, state, empty) {
  const sorted = [...members].sort((one, other) => Number(other.online) - Number(one.online) || one.name.localeCompare(other.name));
  return h('section', {}, h('h2', {}, `${title} — ${members.length}`),
    members.length ? h('ul', {}, sorted.map((member) => memberRow(member, state))) : h('p', { class: 'hint' }, empty));
}

function memberRow(member, state) {
  const name = h('span', { class: member.color ? 'member-name colored' : 'member-name' }, member.name);
  if (member.color) name.style.setProperty('--role', `#${member.color.toString(16).padStart(6, '0')}`);
  return h('li', { class: `member ${member.online ? 'online' : 'offline'}`, data: { user: member.id } },
    h('span', { class: 'with-dot' }, avatar(member, kindOf(member)), h('i', { class: `dot ${member.status}` })),
    h('span', { class: 'member-text' },
      h('span', { class: 'member-line' }, name, member.bot && h('span', { class: 'bot-tag' }, 'BOT'),
        member.id === state.me?.id && h('span', { class: 'you' }, 'you')),
      h('span', { class: 'member-state' }, word(member)),
      member.activity && h('span', { class: 'member-state', title: member.activity }, member.activity)));
}

/** State is a shape and a word, never colour alone. */
function word(member) {
  if (!member.bot) return member.online ? 'Has the chat open' : 'Away';
  return STATUS[member.status];
}
