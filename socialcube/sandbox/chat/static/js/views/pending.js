/**
 * A slash command that has no answer yet, or never got one. Only the person who used it sees this.
 * @module views/pending
 */
import { avatar } from '../avatar.js';
import { h, icon } from '../dom.js';
import { byline, dots, ephemeralFoot, usedBy } from './message.js';

/**
 * @typedef {object} Pending
 * @property {string} id of the interaction
 * @property {string} channelId
 * @property {string} command its full name; empty for a button, whose wait is not shown
 * @property {{id: string, name: string, bot: boolean}} bot
 * @property {number} at milliseconds
 * @property {'sending' | 'failed'} state
 * @property {string} reason what to do about a failure, may be empty
 */

/**
 * @param {Pending} pending
 * @param {object} me
 * @param {{forget: (id: string) => void}} actions
 */
export function renderPending(pending, me, actions) {
  const date = new Date(pending.at);
  const failed = pending.state === 'failed';
  return h('article', { class: failed ? 'message ephemeral failed' : 'message sending', data: { interaction: pending.id } },
    pending.command && usedBy(me, pending.command),
    avatar(pending.bot, 'bot'),
    h('div', { class: 'content' },
      h('header', { class: 'byline' }, byline(pending.bot, date, date.toISOString())),
      failed ? failure(pending) : h('p', { class: 'thinking' }, dots(), 'Sending command…'),
      failed && ephemeralFoot(() => actions.forget(pending.id))));
}

function failure(pending) {
  return [
    h('p', { class: 'no-answer' }, icon('warning'), 'The application did not respond'),
    pending.reason && h('p', { class: 'why' }, pending.reason),
  ];
}
