/**
 * The page's calls to its server. Every failure is an Error whose message may be shown as it is.
 * @module api
 */

const UNREACHABLE = 'The sandbox does not answer. Is it still running? Your text is kept; try again in a moment.';

/** @returns {Promise<{people: object[], panel_url: string}>} */
export const fetchPeople = () => call('GET', '/chat/api/people');

/** @param {string} person @returns {Promise<{me: object, guilds: object[]}>} */
export const fetchView = (person) => call('GET', `/chat/api/view?as=${encodeURIComponent(person)}`);

/**
 * @param {string} person
 * @param {string} channel
 * @param {{before?: string}} [range] a message id; without it the newest page
 * @returns {Promise<{messages: object[], has_earlier: boolean}>} oldest first
 */
export function fetchMessages(person, channel, range = {}) {
  return call('GET', `/chat/api/channels/${channel}/messages?${new URLSearchParams({ as: person, ...range })}`);
}

/** @param {string} person @param {string} channel @param {string} content @returns {Promise<object>} the message */
export function postMessage(person, channel, content) {
  return call('POST', `/chat/api/channels/${channel}/messages`, { as: person, content });
}

/** @param {string} person @param {string} channel @returns {Promise<{name: string, url: string}>} */
export const fetchWebhook = (person, channel) => call('POST', `/chat/api/channels/${channel}/webhook`, { as: person });

/**
 * @param {string} person
 * @param {string} channel
 * @param {{command_id: string, options: object[]}} command
 * @returns {Promise<{id: string}>} the interaction
 */
export function postInteraction(person, channel, command) {
  return call('POST', `/chat/api/channels/${channel}/interactions`, { as: person, ...command });
}

/**
 * @param {string} person
 * @param {{id: string, channel_id: string}} message
 * @param {string} button its custom id
 * @returns {Promise<{id: string}>} the interaction
 */
export function postClick(person, message, button) {
  return call('POST', `/chat/api/channels/${message.channel_id}/messages/${message.id}/clicks`, { as: person, custom_id: button });
}

/** @param {string} method @param {string} path @param {object} [body] */
async function call(method, path, body) {
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error(UNREACHABLE);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `The sandbox answered with status ${response.status}.`);
  return answer;
}
