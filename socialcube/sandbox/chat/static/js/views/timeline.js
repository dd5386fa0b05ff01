/**
 * The message log of the open channel: what is in it, and where it is scrolled to.
 * @module views/timeline
 */
import { h, icon, patch } from '../dom.js';
import { openChannel } from '../store.js';
import { createRows } from './rows.js';

const NEAR_END = 80;
const WATCHED = ['messages', 'pending', 'channelId', 'guilds', 'me', 'loading', 'hasEarlier', 'loaded'];

/**
 * @param {ReturnType<import('../store.js').createStore>} store
 * @param {object} actions
 */
export function mountTimeline(store, actions) {
  const log = h('div', { class: 'log', role: 'log', tabindex: '0', 'aria-label': 'Messages', 'aria-live': 'polite' });
  const jump = h('button', { type: 'button', class: 'jump', hidden: true, on: { click: () => toEnd(log) } }, 'New messages', icon('arrow-down'));
  const rows = createRows(actions);
  let channel = '';
  let atEnd = true;
  log.addEventListener('scroll', () => {
    atEnd = isNearEnd(log);
    if (atEnd) jump.hidden = true;
  }, { passive: true });
  // The composer, a picture or the on-screen keyboard may take height away; the newest message stays in sight.
  new ResizeObserver(() => { if (atEnd) toEnd(log); }).observe(log);

  store.watch(WATCHED, (state) => {
    const stay = state.channelId === channel && !isNearEnd(log);
    channel = state.channelId;
    const before = { height: log.scrollHeight, top: log.scrollTop, newest: log.lastElementChild };
    log.setAttribute('aria-busy', String(state.loading));
    log.setAttribute('aria-label', `Messages in ${openChannel(state)?.name ?? 'this channel'}`);
    patch(log, rows(state));
    if (!stay) toEnd(log);
    else if (log.lastElementChild === before.newest) log.scrollTop = before.top + log.scrollHeight - before.height;
    else jump.hidden = false;
  });
  return h('div', { class: 'log-frame' }, log, jump);
}

/** @param {HTMLElement} log */
const isNearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;

/** @param {HTMLElement} log */
function toEnd(log) {
  log.scrollTop = log.scrollHeight;
}
