// Keeps "4 min ago" true while the page stays open.

const UNITS = [[60, 's', 1], [3600, 'min', 60], [86400, 'h', 3600], [86400 * 60, 'd', 86400]];

/** Says a duration in its largest whole unit, as the server does: what is left goes to the nearest. */
export function span(seconds, count = Math.floor) {
  if (seconds < 1) return 'now';
  const unit = UNITS.find(([below]) => seconds < below);
  if (!unit) return `${count(seconds / (86400 * 30))} months`;
  return `${count(seconds / unit[2])} ${unit[1]}`;
}

export function ago(moment) {
  const seconds = (Date.now() - moment.getTime()) / 1000;
  const words = seconds >= 0 ? span(seconds) : span(-seconds, Math.round);
  if (words === 'now') return words;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

// As the person chose it under "Your account", or else as the browser has it.
const { locale, timeZone } = document.documentElement.dataset;
const EXACT = new Intl.DateTimeFormat(locale || undefined, {
  day: 'numeric', month: 'short', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: timeZone || undefined, timeZoneName: 'short',
});

/** Writes a moment in full. */
export const exact = (moment) => EXACT.format(moment);

function refresh() {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const words = ago(new Date(time.dateTime));
    if (time.textContent !== words) time.textContent = words;
    const title = exact(new Date(time.dateTime));
    if (time.title !== title) time.title = title;
  }
}

export function keepTimes() {
  refresh();
  setInterval(refresh, 5000);
}
