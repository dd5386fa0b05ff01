/**
 * The one state of the page. Views subscribe; only actions change it.
 * @module store
 */

/**
 * @typedef {object} State
 * @property {object[]} people who may be chosen
 * @property {string} panelUrl address of the panel, empty when unknown
 * @property {object | null} me the chosen person
 * @property {object[]} guilds what that person sees, with channels, roles, members and commands
 * @property {string} guildId
 * @property {string} channelId
 * @property {'connecting' | 'live' | 'lost'} connection
 * @property {boolean} loaded whether the first view has arrived
 * @property {Map<string, object>} messages of the open channel, by id
 * @property {boolean} hasEarlier whether older messages can be fetched
 * @property {boolean} loading whether the open channel's messages are on their way
 * @property {Map<string, object>} pending slash commands without an answer, by interaction id
 * @property {Set<string>} unread channels with unseen messages
 * @property {'' | 'nav' | 'members'} drawer the open drawer on a narrow screen
 */

/**
 * Makes a store.
 * @returns {{get: () => State, set: (patch: Partial<State>) => void,
 *   watch: (keys: (keyof State)[], render: (state: State) => void) => void}}
 */
export function createStore() {
  let state = emptyState();
  const watchers = [];
  return {
    get: () => state,
    set(patch) {
      const before = state;
      state = { ...state, ...patch };
      for (const { keys, render } of watchers) {
        if (keys.some((key) => before[key] !== state[key])) render(state);
      }
    },
    watch(keys, render) {
      watchers.push({ keys, render });
      render(state);
    },
  };
}

/** @param {State} state */
export function openGuild(state) {
  return state.guilds.find((guild) => guild.id === state.guildId) ?? null;
}

/** @param {State} state */
export function openChannel(state) {
  return openGuild(state)?.channels.find((channel) => channel.id === state.channelId) ?? null;
}

/** @returns {State} */
function emptyState() {
  return {
    people: [], panelUrl: '', me: null, guilds: [], guildId: '', channelId: '',
    connection: 'connecting', loaded: false, messages: new Map(), hasEarlier: false,
    loading: false, pending: new Map(), unread: new Set(), drawer: '',
  };
}
