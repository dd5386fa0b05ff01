/**
 * Ties the parts together: the address chooses person and place, the socket keeps them current.
 * @module session
 */
import { fetchPeople, fetchView, postClick, postInteraction, postMessage } from './api.js';
import { createMessages } from './messages.js';
import { createPending } from './pending.js';
import { authorOf } from './names.js';
import { findPlace } from './place.js';
import { completeRoute, hrefTo, readRoute } from './route.js';
import { openSocket } from './socket.js';

const RETRY_MS = 1500;
const REFETCH_MS = 120;

/**
 * Makes the session and the actions that views call.
 * @param {ReturnType<import('./store.js').createStore>} store
 */
export function createSession(store) {
  const messages = createMessages(store);
  const pending = createPending(store);
  const remembered = new Map();
  let closeSocket = () => {};
  let refetch = 0;

  async function start() {
    addEventListener('hashchange', follow);
    const { people, panel_url: panelUrl } = await untilReached(fetchPeople);
    store.set({ people, panelUrl, loaded: true });
    follow();
  }

  /** Makes the page show what the address says. */
  function follow() {
    const route = readRoute();
    const { people, me } = store.get();
    const person = people.find((each) => each.id === route.as) ?? null;
    if (person?.id !== me?.id) enter(person);
    else if (person) move(findPlace(store.get().guilds, route, remembered));
  }

  function enter(person) {
    closeSocket();
    closeSocket = () => {};
    remembered.clear();
    store.set({
      me: person, guilds: [], guildId: '', channelId: '', messages: new Map(), pending: new Map(),
      unread: new Set(), loaded: !person, connection: 'connecting', drawer: '',
    });
    if (!person) return;
    closeSocket = openSocket(person.id, {
      onOpen: () => resync(person).catch(() => refetchSoon()),
      onEvent,
      onLost: () => store.set({ connection: store.get().loaded ? 'lost' : 'connecting' }),
    });
  }

  /** Fetches everything again: after each connect, for what happened in between was not told. */
  async function resync(person) {
    const { me, guilds } = await fetchView(person.id);
    if (store.get().me?.id !== person.id) return;
    store.set({ me, guilds, loaded: true });
    const opened = await move(findPlace(guilds, readRoute(), remembered));
    if (!opened) await messages.reload();
    if (store.get().me?.id === person.id) store.set({ connection: 'live' });
  }

  /** Shows a place; tells whether that was another one than before. */
  async function move({ guildId, channelId }) {
    const before = store.get();
    completeRoute({ as: before.me.id, server: guildId, channel: channelId });
    remembered.set(guildId, channelId);
    if (before.guildId === guildId && before.channelId === channelId) return false;
    const unread = new Set(before.unread);
    unread.delete(channelId);
    store.set({ guildId, channelId, unread, drawer: '' });
    await messages.open().catch(() => refetchSoon());
    return true;
  }

  function refetchSoon() {
    clearTimeout(refetch);
    refetch = setTimeout(() => {
      const { me } = store.get();
      if (me) resync(me).catch(() => {});
    }, REFETCH_MS);
  }

  function onEvent(event) {
    switch (event.type) {
      case 'message': return onMessage(event.message);
      case 'message_deleted': return messages.remove(event.id);
      case 'interaction_answered': return pending.settle(event.id);
      case 'interaction_failed': return pending.fail(event.id);
      case 'presence': return onPresence(event);
      default: return refetchSoon();
    }
  }

  function onMessage(message) {
    const { channelId, me, unread } = store.get();
    const { channel_id: target, author, edited_timestamp: edited } = message;
    if (target === channelId) messages.put(message);
    else if (author.id !== me?.id && !edited) store.set({ unread: new Set(unread).add(target) });
  }

  function onPresence({ user_id: id, online, status, activity }) {
    const guilds = store.get().guilds.map((guild) => ({
      ...guild, members: guild.members.map((member) => (member.id === id ? { ...member, online, status, activity } : member)),
    }));
    store.set({ guilds });
  }

  return {
    start,
    changePerson: () => { location.hash = hrefTo({}); },
    toggleDrawer: (name) => store.set({ drawer: store.get().drawer === name ? '' : name }),
    loadEarlier: () => messages.loadEarlier().catch(() => {}),
    dismiss: messages.dismiss,
    forget: pending.forget,
    async sendMessage(text) {
      const { me, channelId } = store.get();
      const message = await postMessage(me.id, channelId, text);
      if (store.get().channelId === channelId) messages.put(message);
    },
    async runCommand(entry, options) {
      const { me, channelId } = store.get();
      const { id } = await postInteraction(me.id, channelId, { command_id: entry.commandId, options });
      pending.add(id, channelId, { command: entry.name, bot: entry.bot });
    },
    async click(message, button) {
      const { id } = await postClick(store.get().me.id, message, button);
      pending.add(id, message.channel_id, { command: '', bot: authorOf(store.get(), message.author) });
    },
  };
}

/** Calls until it succeeds: the sandbox may start a moment after the page. */
async function untilReached(call) {
  for (;;) {
    try {
      return await call();
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}
