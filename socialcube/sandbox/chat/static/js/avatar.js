/**
 * Pictures of people (circles), bots and servers (rounded squares), with initials where there is none.
 * @module avatar
 */
import { h } from './dom.js';
import { isOwnPicture } from './markdown/links.js';

const HUES = 8;

/**
 * @param {{id: string, name: string, avatar_url?: string}} who
 * @param {'person' | 'bot' | 'server'} kind
 * @param {Record<string, any>} [props]
 */
export function avatar(who, kind, props = {}) {
  const picture = who.avatar_url && isOwnPicture(new URL(who.avatar_url, location.origin).href);
  const inside = picture ? h('img', { src: who.avatar_url, alt: '', loading: 'lazy' }) : initials(who.name);
  return h('span', { class: `avatar ${kind} hue-${hue(who.id)}`, 'aria-hidden': 'true', ...props }, inside);
}

/** @param {{bot?: boolean}} user */
export const kindOf = (user) => (user.bot ? 'bot' : 'person');

/** @param {string} name @returns {string} at most two letters */
function initials(name) {
  const words = name.split(/[\s_-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0]).join('').toUpperCase();
}

/** @param {string} id a snowflake; its low bits count up, so neighbours differ */
function hue(id) {
  const digits = [...String(id)].reduce((sum, digit) => sum * 31 + digit.charCodeAt(0), 7);
  return digits % HUES;
}
