// The live page: rows come in, wait while it is paused, and are drawn where they can be seen.

import { connect } from '../socket.js';
import { followFilters } from './filters.js';
import { listenToKeys } from './keys.js';
import { Panel } from './panel.js';
import { keepRates } from './rates.js';
import { showStatus } from './status.js';
import { Store } from './store.js';
import { View } from './view.js';

const page = document.querySelector('[data-live]');
const pauseButton = document.querySelector('[data-pause]');
const store = new Store(JSON.parse(page.dataset.lines));
const live = connect();
let watches = [];

const panel = new Panel(page, { onClose: () => view.select(null) });
const view = new View(page, store, { onOpen: (line) => panel.open(line) });

function watchAll(streams, filters, cursors) {
  for (const watch of watches) watch.stop();
  watches = streams.map((stream) => live.watch(`rows:${stream}`, (news) => take(stream, news), {
    filters: page.dataset.only ? { ...filters, only: page.dataset.only } : filters,
    since: cursors[stream],
    onRefused: (message) => view.notice(message),
  }));
}

function take(stream, { rows, isReset }) {
  if (isReset) {
    const skipped = store.reset(stream, rows);
    if (skipped) view.notice('More came than this page keeps. What it left out is in the logs.');
  } else {
    store.add(rows);
  }
  view.changed();
}

function pause(isPaused = !store.isPaused) {
  store.pause(isPaused);
  pauseButton.setAttribute('aria-pressed', String(isPaused));
  pauseButton.querySelector('[data-pause-word]').textContent = isPaused ? 'Go on' : 'Pause';
  pauseButton.querySelector('use').setAttribute('href', pauseButton.querySelector('use').getAttribute('href').replace(/#.*/, isPaused ? '#play' : '#pause'));
  if (!isPaused) view.follow();
  view.changed();
}

pauseButton.hidden = false;
pauseButton.addEventListener('click', () => pause());
document.querySelector('[data-newest]').addEventListener('click', () => (store.isPaused ? pause(false) : view.follow()));
listenToKeys({
  move: (by) => view.move(by),
  open: () => view.open(),
  close: () => panel.close(),
  pause: () => pause(),
  search: () => document.querySelector('[data-search]').focus(),
});
followFilters((streams, filters) => {
  store.clear();
  panel.close();
  view.changed();
  // Without a cursor the newest rows are fetched first.
  watchAll(streams, filters, {});
}, ({ streams, filters }) => watchAll(streams, filters, JSON.parse(page.dataset.cursors)));
showStatus(live);
keepRates();
view.follow();
