/**
 * "Who are you today?": the choice of a person.
 * @module views/people
 */
import { avatar } from '../avatar.js';
import { fill, h, icon } from '../dom.js';
import { hrefTo } from '../route.js';
import { emptyState } from './empty.js';

const PARTS = {
  admin: 'Server owner: may do everything.',
  editor: 'Staff: sees the staff channel too.',
  viewer: 'An ordinary member.',
  stranger: 'Has just come in and has no role.',
};

/** @param {ReturnType<import('../store.js').createStore>} store */
export function mountPeople(store) {
  const list = h('div', { class: 'people-list' });
  store.watch(['people', 'loaded', 'me'], (state) => {
    fill(list, state.people.length ? h('ul', {}, state.people.map((person) => h('li', {}, personLink(person)))) : noPeople(state));
  });
  return h('main', { class: 'people' }, h('div', { class: 'people-card' },
    h('span', { class: 'mark' }, icon('mark')),
    h('h1', {}, 'Who are you today?'),
    h('p', { class: 'people-lead' }, 'This is a sandbox: a chat on your own machine to try your bots in. Nothing leaves it, and no account is needed.'),
    list,
    h('p', { class: 'people-tip' }, 'Two tabs can be two people: open a link in a new tab.')));
}

function personLink(person) {
  return h('a', { class: 'person-link', href: hrefTo({ as: person.id }) },
    avatar(person, 'person'),
    h('span', { class: 'person-text' }, h('b', {}, person.name), h('span', {}, PARTS[person.part] ?? `@${person.username}`)),
    person.part && h('span', { class: 'chip' }, person.part), icon('right'));
}

function noPeople(state) {
  if (!state.loaded) return h('p', { class: 'hint' }, 'Loading…');
  return emptyState('users', 'Nobody is here', 'The sandbox has no people. Start it again with its demo data, and load this page anew.');
}
