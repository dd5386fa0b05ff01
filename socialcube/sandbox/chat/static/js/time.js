/**
 * Dates for people, in their own language and time zone.
 * @module time
 */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const shortDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** The styles of `<t:seconds:style>` in messages. */
const styles = {
  t: { timeStyle: 'short' }, T: { timeStyle: 'medium' }, d: { dateStyle: 'short' }, D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' }, F: { dateStyle: 'full', timeStyle: 'short' },
};
const steps = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [2592000, 'day', 86400],
  [31536000, 'month', 2592000], [Infinity, 'year', 31536000]];

/** @param {Date} date @returns {string} "21:35" */
export const clockTime = (date) => clock.format(date);

/** @param {Date} date @returns {string} the full date with seconds, for tooltips */
export const exactTime = (date) => exact.format(date);

/** @param {Date} date @returns {string} the day as a separator shows it */
export const dayName = (date) => day.format(date);

/** @param {Date} date @param {Date} [now] @returns {string} "Today at 21:35", "Yesterday at …" or the short date */
export function messageTime(date, now = new Date()) {
  if (sameDay(date, now)) return `Today at ${clockTime(date)}`;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (sameDay(date, yesterday)) return `Yesterday at ${clockTime(date)}`;
  return `${shortDay.format(date)} ${clockTime(date)}`;
}

/** @param {Date} one @param {Date} other */
export function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}

/**
 * Formats a timestamp mark of a message.
 * @param {Date} date
 * @param {string} style one of `t T d D f F R`
 */
export function markTime(date, style) {
  if (style === 'R') return relativeTime(date);
  return new Intl.DateTimeFormat(undefined, styles[style] ?? styles.f).format(date);
}

/** @param {Date} date */
function relativeTime(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit);
  return relative.format(Math.round(seconds / size), unit);
}
