/**
 * Finds the names that a server gives to ids.
 * @module names
 */
import { openGuild } from './store.js';

/**
 * Gives what rendering a message needs to know about its server.
 * @param {import('./store.js').State} state
 * @returns {import('./markdown/render.js').Names}
 */
export function namesOf(state) {
  const guild = openGuild(state);
  const find = (list, id) => guild?.[list].find((item) => item.id === id);
  return {
    me: state.me?.id ?? '',
    user: (id) => find('members', id)?.name ?? state.people.find((person) => person.id === id)?.name,
    role: (id) => find('roles', id),
    channel: (id) => find('channels', id)?.name,
  };
}

/**
 * Gives a message's author as the server knows them.
 * @param {import('./store.js').State} state
 * @param {{id: string, username: string, global_name?: string, bot?: boolean}} user of a message
 */
export function authorOf(state, user) {
  const member = openGuild(state)?.members.find((each) => each.id === user.id);
  return member ?? { ...user, name: user.global_name ?? user.username, color: 0 };
}

/**
 * Tells whether a message names the reader, directly, by a role, or as one of everyone.
 * @param {import('./store.js').State} state
 * @param {{mentions?: {id: string}[], mention_roles?: string[], mention_everyone?: boolean}} message
 */
export function mentionsMe(state, message) {
  const mine = openGuild(state)?.members.find((member) => member.id === state.me?.id);
  return Boolean(message.mention_everyone)
    || Boolean(message.mentions?.some((user) => user.id === state.me?.id))
    || Boolean(message.mention_roles?.some((role) => mine?.roles.includes(role)));
}
