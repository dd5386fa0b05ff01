// Paints a bot's state: shape, word and colour, as the server's macro `state` does.

const LOOKS = {
  ok: ['ok', 's-online'],
  accent: ['busy', 's-busy'],
  warn: ['warn', 's-unstable'],
  hold: ['hold', 's-hold'],
  bad: ['bad', 's-failed'],
  muted: ['off', 's-stopped'],
};
const TONES = Object.values(LOOKS).map(([tone]) => tone);

/**
 * Paints states into every `[data-bot]` of the page.
 *
 * @param {{bot_id: string, word: string, tone: string}[]} bots
 * @returns {boolean} whether anything on the page changed.
 */
export function paintStates(bots) {
  let isChanged = false;
  // One that was deleted has no state any more; the page that lists it says so itself.
  for (const bot of bots.filter(({ word }) => word)) {
    for (const place of document.querySelectorAll(`[data-bot="${CSS.escape(bot.bot_id)}"] [data-state] .state`)) {
      if (paint(place, bot)) isChanged = true;
    }
  }
  return isChanged;
}

function paint(place, { word, tone }) {
  const [style, shape] = LOOKS[tone] ?? LOOKS.muted;
  const label = place.querySelector('span');
  if (label.textContent === word && place.classList.contains(style)) return false;
  label.textContent = word;
  place.classList.remove(...TONES);
  place.classList.add(style);
  const use = place.querySelector('use');
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, `#${shape}`));
  const row = place.closest('tr');
  if (row) {
    row.classList.remove('flash');
    requestAnimationFrame(() => row.classList.add('flash'));
  }
  return true;
}
