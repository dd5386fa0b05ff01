/**
 * The rows of the log from top to bottom. Unchanged ones keep their node.
 * @module views/rows
 */
import { h } from '../dom.js';
import { openChannel, openGuild } from '../store.js';
import { dayName, sameDay } from '../time.js';
import { channelStart } from './empty.js';
import { isEphemeral, renderMessage } from './message.js';
import { renderPending } from './pending.js';

const GROUP_MS = 7 * 60 * 1000;

/**
 * Makes a function that gives the rows for a state, and remembers them for the next one.
 * @param {object} actions
 * @returns {(state: import('../store.js').State) => HTMLElement[]}
 */
export function createRows(actions) {
  let kept = new Map();
  let stamp = { guild: null, names: '' };
  return (state) => {
    const guild = openGuild(state);
    if (guild !== stamp.guild) stamp = { guild, names: namesStamp(guild) };
    const fresh = new Map();
    for (const row of listRows(state, actions)) {
      const known = kept.get(row.key);
      const same = known && known.names === stamp.names && known.about.every((part, index) => part === row.about[index]);
      fresh.set(row.key, { names: stamp.names, about: row.about, node: same ? known.node : row.make() });
    }
    kept = fresh;
    return [...fresh.values()].map(({ node }) => node);
  };
}

/**
 * @typedef {{key: string, about: any[], make: () => HTMLElement}} Row `about` says when it must be made anew
 * @param {import('../store.js').State} state
 * @returns {Row[]}
 */
function listRows(state, actions) {
  const { channelId } = state;
  if (!state.loaded || !openChannel(state)) return [];
  if (state.loading && state.messages.size === 0) return [{ key: 'skeleton', about: [channelId], make: skeleton }];
  const first = state.hasEarlier ? { key: 'earlier', about: [], make: () => earlierButton(actions) }
    : { key: 'start', about: [channelId, openGuild(state).commands.length], make: () => channelStart(state) };
  const rows = [first];
  let previous = null;
  for (const entry of entries(state)) {
    const date = new Date(entry.message?.timestamp ?? entry.pending.at);
    const newDay = !previous || !sameDay(previous.date, date);
    if (newDay) rows.push({ key: date.toDateString(), about: [], make: () => daySeparator(date) });
    const grouped = !newDay && isGrouped(previous, entry, date);
    rows.push(entryRow(entry, grouped, state, actions));
    previous = { ...entry, date };
  }
  return rows;
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

function entryRow({ id, message, pending }, grouped, state, actions) {
  if (pending) return { key: id, about: [pending], make: () => renderPending(pending, state.me, actions) };
  return { key: id, about: [message, grouped], make: () => renderMessage(message, grouped, state, actions) };
}

/** Everything of a server that shows inside messages: when it changes, they are drawn anew. */
function namesStamp(guild) {
  if (!guild) return '';
  const members = guild.members.map(({ id, name, color, roles, bot }) => [id, name, color, roles, bot]);
  return JSON.stringify([members, guild.roles, guild.channels.map(({ id, name }) => [id, name])]);
}

function daySeparator(date) {
  return h('div', { class: 'day', role: 'separator' }, h('span', {}, dayName(date)));
}

function earlierButton(actions) {
  return h('div', { class: 'earlier' }, h('button', { type: 'button', class: 'button', on: { click: actions.loadEarlier } }, 'Show earlier messages'));
}

function skeleton() {
  const row = () => h('div', { class: 'skeleton' }, h('i'), h('span', {}, h('b'), h('b')));
  return h('div', { 'aria-label': 'Loading messages' }, row(), row(), row(), row());
}
