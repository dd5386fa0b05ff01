/**
 * Builds the page and starts the session.
 * @module main
 */
import { mountComposer } from './composer/composer.js';
import { fill, h } from './dom.js';
import { mountDrawers } from './drawers.js';
import { createSession } from './session.js';
import { createStore, openChannel } from './store.js';
import { nowhere } from './views/empty.js';
import { mountHeader, mountStatus } from './views/header.js';
import { mountMembers } from './views/members.js';
import { mountPeople } from './views/people.js';
import { mountChannels, mountRail } from './views/sides.js';
import { mountTimeline } from './views/timeline.js';

const store = createStore();
const session = createSession(store);

const nav = h('div', { class: 'nav' }, mountRail(store), mountChannels(store, session));
const members = mountMembers(store);
const empty = h('div', { class: 'nowhere' });
const timeline = mountTimeline(store, session);
const main = h('main', {}, mountHeader(store, session), empty, timeline, mountComposer(store, session));
const shell = h('div', { class: 'shell' }, nav, main, members);
const people = mountPeople(store);

mountDrawers(store, shell, { nav, members });
mountStatus(store, document.getElementById('status'));
store.watch(['loaded', 'guilds', 'channelId', 'me'], (state) => {
  people.hidden = Boolean(state.me);
  empty.hidden = !state.loaded || Boolean(openChannel(state));
  timeline.hidden = !empty.hidden;
  fill(empty, empty.hidden ? null : nowhere(state));
});
document.getElementById('app').append(people, shell);
session.start();
