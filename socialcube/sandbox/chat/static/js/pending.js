/**
 * Slash commands on their way: kept until an answer comes, or said to have got none.
 * @module pending
 */

/** A little more than the 3 s a bot has: normally the server says first that they are over. */
const GIVE_UP_MS = 4500;

/** @param {ReturnType<import('./store.js').createStore>} store */
export function createPending(store) {
  // An answer may overtake the reply that told the interaction's id.
  const settled = new Set();

  /** @param {string} id @param {string} channelId @param {{command: string, bot: object}} what */
  function add(id, channelId, what) {
    if (settled.delete(id)) return;
    const command = { id, channelId, ...what, at: Date.now(), state: 'sending', reason: '' };
    store.set({ pending: new Map(store.get().pending).set(id, command) });
    setTimeout(() => fail(id), GIVE_UP_MS);
  }

  /** @param {string} id */
  function settle(id) {
    if (!store.get().pending.has(id)) settled.add(id);
    else forget(id);
  }

  /** @param {string} id */
  function fail(id) {
    const command = store.get().pending.get(id);
    if (command?.state !== 'sending') return;
    const failed = { ...command, state: 'failed', reason: reason(store.get(), command.bot) };
    store.set({ pending: new Map(store.get().pending).set(id, failed) });
  }

  /** @param {string} id */
  function forget(id) {
    const pending = new Map(store.get().pending);
    pending.delete(id);
    store.set({ pending });
  }

  return { add, settle, fail, forget };
}

function reason(state, bot) {
  const now = state.guilds.flatMap((guild) => guild.members).find((member) => member.id === bot.id);
  if (now?.online) return `${bot.name} is online but gave no answer within 3 seconds. The panel's error log says why.`;
  return `${bot.name} is offline. Start it in the panel, then try again.`;
}
