/**
 * The messages of the open channel: fetched a page at a time, kept current by events.
 * @module messages
 */
import { fetchMessages } from './api.js';

const DISMISSED = 'dismissed-messages';
const MOST_DISMISSED = 200;

/** @param {ReturnType<import('./store.js').createStore>} store */
export function createMessages(store) {
  let request = 0;
  // What the socket told while a page was on its way: the page may be older than that.
  let told = new Map();

  /** Fetches the newest page and joins it to what is known, so that nothing missed while offline stays missing. */
  async function reload() {
    const { me, channelId } = store.get();
    if (!channelId) return;
    const mine = (request += 1);
    told = new Map();
    const page = await fetchMessages(me.id, channelId);
    if (mine !== request) return;
    const known = [...store.get().messages.values()];
    const joined = join(known, page, store.get().hasEarlier);
    const messages = byId([...joined.messages.values(), ...told.values()].filter(({ id }) => told.get(id) !== null));
    store.set({ ...joined, messages, loading: false });
  }

  /** Empties the log and fetches the open channel. */
  async function open() {
    store.set({ messages: new Map(), hasEarlier: false, loading: Boolean(store.get().channelId) });
    await reload();
  }

  async function loadEarlier() {
    const { me, channelId, messages } = store.get();
    const oldest = [...messages.values()][0];
    if (!oldest) return;
    const page = await fetchMessages(me.id, channelId, { before: oldest.id });
    if (store.get().channelId !== channelId) return;
    store.set({ messages: byId([...page.messages, ...store.get().messages.values()]), hasEarlier: page.has_earlier });
  }

  /** @param {object} message new or changed, of the open channel */
  function put(message) {
    if (dismissed().includes(message.id)) return;
    told.set(message.id, message);
    store.set({ messages: new Map(store.get().messages).set(message.id, message) });
  }

  /** @param {string} id */
  function remove(id) {
    told.set(id, null);
    const messages = new Map(store.get().messages);
    if (messages.delete(id)) store.set({ messages });
  }

  /** Takes an "only you" message away, in this tab for good. @param {string} id */
  function dismiss(id) {
    sessionStorage.setItem(DISMISSED, JSON.stringify([...dismissed(), id].slice(-MOST_DISMISSED)));
    remove(id);
  }

  return { reload, open, loadEarlier, put, remove, dismiss };
}

/** The page replaces what it covers; older known messages stay, unless there is a gap before the page. */
function join(known, page, hadEarlier) {
  const first = page.messages[0];
  const newest = known.at(-1);
  const gap = page.has_earlier && newest && BigInt(newest.id) < BigInt(first.id);
  const kept = first && !gap ? known.filter((message) => BigInt(message.id) < BigInt(first.id)) : [];
  return { messages: byId([...kept, ...page.messages]), hasEarlier: kept.length ? hadEarlier : page.has_earlier };
}

function byId(messages) {
  const gone = dismissed();
  return new Map(messages.filter((message) => !gone.includes(message.id)).map((message) => [message.id, message]));
}

/** @returns {string[]} */
function dismissed() {
  return JSON.parse(sessionStorage.getItem(DISMISSED) ?? '[]');
}
