/**
 * The message log of the open channel.
 * @module views/timeline
 */
import { h, fill, icon } from '../dom.js';
import { openChannel, openGuild } from '../store.js';
import { dayName, sameDay } from '../time.js';
import { channelStart } from './empty.js';
import { isEphemeral, renderMessage } from './message.js';
import { renderPending } from './pending.js';

const GROUP_MS = 7 * 60 * 1000;
const NEAR_END = 80;
const WATCHED = ['messages', 'pending', 'channelId', 'guilds', 'me', 'loading', 'hasEarlier', 'loaded'];

/**
 * @param {ReturnType<import('../store.js').createStore>} store
 * @param {object} actions
 */
export function mountTimeline(store, actions) {
  const log = h('div', { class: 'log', role: 'log', tabindex: '0', 'aria-label': 'Messages', 'aria-live': 'polite' });
  const jump = h('button', { type: 'button', class: 'jump', hidden: true, on: { click: () => toEnd(log) } }, 'New messages', icon('arrow-down'));
  const cache = new Map();
  let channel = '';
  log.addEventListener('scroll', () => { if (isNearEnd(log)) jump.hidden = true; }, { passive: true });
  // The composer, a picture or the on-screen keyboard may take height away; the newest message stays in sight.
  let atEnd = true;
  log.addEventListener('scroll', () => { atEnd = isNearEnd(log); }, { passive: true });
  new ResizeObserver(() => { if (atEnd) toEnd(log); }).observe(log);

  store.watch(WATCHED, (state) => {
    const moved = state.channelId !== channel;
    channel = state.channelId;
    if (moved) cache.clear();
    const stay = !moved && !isNearEnd(log);
    const anchor = { height: log.scrollHeight, top: log.scrollTop, newest: newestId(log) };
    log.setAttribute('aria-busy', String(state.loading));
    log.setAttribute('aria-label', `Messages in ${openChannel(state)?.name ?? 'this channel'}`);
    fill(log, rows(state, actions, cache));
    if (!stay) toEnd(log);
    else if (newestId(log) === anchor.newest) log.scrollTop = anchor.top + log.scrollHeight - anchor.height;
    else jump.hidden = false;
  });
  return h('div', { class: 'log-frame' }, log, jump);
}

/** The rows from top to bottom; unchanged messages keep their nodes, with their state and focus. */
function rows(state, actions, cache) {
  if (!state.loaded || !openChannel(state)) return [];
  if (state.loading && state.messages.size === 0) return [skeleton()];
  const list = [state.hasEarlier ? earlierButton(actions) : channelStart(state)];
  let previous = null;
  for (const entry of entries(state)) {
    const date = new Date(entry.message?.timestamp ?? entry.pending.at);
    const newDay = !previous || !sameDay(previous.date, date);
    if (newDay) list.push(h('div', { class: 'day', role: 'separator' }, h('span', {}, dayName(date))));
    const grouped = !newDay && isGrouped(previous, entry, date);
    list.push(cached(cache, entry, grouped, state, actions));
    previous = { ...entry, date };
  }
  return list;
}

/** Messages and unanswered commands in the order of their ids, which is the order in time. */
function entries(state) {
  const pending = [...state.pending.values()].filter((each) => each.channelId === state.channelId && (each.command || each.state === 'failed'));
  const all = [...[...state.messages.values()].map((message) => ({ id: message.id, message })),
    ...pending.map((each) => ({ id: each.id, pending: each }))];
  return all.sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
}

function isGrouped(previous, { message }, date) {
  if (!message || !previous?.message || message.interaction || message.message_reference) return false;
  const alike = previous.message.author.id === message.author.id && isEphemeral(previous.message) === isEphemeral(message);
  return alike && date - previous.date < GROUP_MS;
}

function cached(cache, entry, grouped, state, actions) {
  const known = cache.get(entry.id);
  const subject = entry.message ?? entry.pending;
  const guild = openGuild(state);
  if (known?.subject === subject && known.grouped === grouped && known.guild === guild) return known.node;
  const node = entry.message ? renderMessage(subject, grouped, state, actions) : renderPending(subject, state.me, actions);
  cache.set(entry.id, { subject, grouped, guild, node });
  return node;
}

function earlierButton(actions) {
  return h('div', { class: 'earlier' }, h('button', { type: 'button', class: 'button', on: { click: actions.loadEarlier } }, 'Show earlier messages'));
}

function skeleton() {
  const row = () => h('div', { class: 'skeleton' }, h('i'), h('span', {}, h('b'), h('b')));
  return h('div', { 'aria-label': 'Loading messages' }, row(), row(), row(), row());
}

/** @param {HTMLElement} log */
const isNearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;

/** @param {HTMLElement} log */
function toEnd(log) {
  log.scrollTop = log.scrollHeight;
}

/** @param {HTMLElement} log */
const newestId = (log) => log.lastElementChild?.dataset?.id ?? log.lastElementChild?.dataset?.interaction;
