// What pages that stay open share: the status of the connection, states, and hints to look again.

import { connect } from '../socket.js';
import { Regions } from './regions.js';
import { paintStates } from './states.js';

const POLL_MS = 5000;
const LEAST_SECONDS = 0.1;

/**
 * Keeps the regions of a page fresh.
 *
 * A live fleet says something new of some bot every few seconds; `markOf` keeps to what the page shows of them.
 *
 * @param {string[]} topics what else than states makes the page look again, like `rows:commands`.
 * @param {{botId?: string|null, markOf?: (bot: object) => string}} [options] the only bot that counts; and what
 *   of a bot must move before the page looks again, by default anything.
 * @returns {{regions: Regions, live: object}}
 */
export function keepFresh(topics, { botId = null, markOf = null } = {}) {
  const regions = new Regions();
  const live = connect();
  const marks = new Map();
  let isLive = false;
  live.onStatus((status) => {
    const wasLive = isLive;
    isLive = status.state === 'live';
    if (isLive && !wasLive) regions.hurry();
    showStatus(status);
  });
  live.watch('bots', (bots) => {
    const ours = botId ? bots.filter((bot) => bot.bot_id === botId) : bots;
    paintStates(ours);
    const moved = markOf ? ours.filter((bot) => marks.get(bot.bot_id) !== markOf(bot)) : ours;
    if (markOf) for (const bot of moved) marks.set(bot.bot_id, markOf(bot));
    if (moved.length) regions.refresh();
  });
  const filters = botId ? { bot: botId } : {};
  for (const topic of topics) live.watch(topic, () => regions.refresh(), topic.startsWith('rows:') ? { filters } : {});
  watchJobs(live, regions);
  regions.onChange(() => showStatus.again?.());
  setInterval(() => { if (!isLive && !document.hidden) regions.refresh(); }, POLL_MS);
  return { regions, live };
}

/** Watches each job that a region names, once. */
function watchJobs(live, regions) {
  const watched = new Set();
  const look = () => {
    for (const { dataset } of document.querySelectorAll('[data-job]')) {
      if (watched.has(dataset.job)) continue;
      watched.add(dataset.job);
      live.watch(`job:${dataset.job}`, () => regions.refresh());
    }
  };
  regions.onChange(look);
  look();
}

/** Says beside the title how fresh the page is. */
export function showStatus({ state, delaySeconds }) {
  showStatus.again = () => showStatus({ state, delaySeconds });
  const words = {
    live: `live · ${Math.max(delaySeconds ?? 0, LEAST_SECONDS).toFixed(1)} s`,
    delayed: `delayed · ${Math.round(delaySeconds ?? 0)} s`,
    ended: 'signed out',
  };
  for (const place of document.querySelectorAll('[data-live-status]')) {
    place.textContent = words[state] ?? '';
    place.dataset.tone = state;
  }
}
