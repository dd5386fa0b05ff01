// The list of bots stays true while it is open: state, reason, servers and last event move in their cells.
// What is sorted, filtered or picked stays as it is; loading the page again sorts anew.

import { askFirst } from '../pages/forms.js';
import { showStatus } from '../pages/live.js';
import { Regions } from '../pages/regions.js';
import { paintStates } from '../pages/states.js';
import { ago, exact } from '../shell/times.js';
import { connect } from '../socket.js';

const NUMBERS = new Intl.NumberFormat('en');
const DELETED = { word: 'Deleted', tone: 'muted', sentence: '', remedy: '', guild_count: null, last_event_at: null };

askFirst();

const live = connect();
live.onStatus(showStatus);
live.watch('bots', (bots) => {
  const shown = bots.map((bot) => (bot.gone ? { ...DELETED, bot_id: bot.bot_id } : bot));
  paintStates(shown);
  for (const bot of shown) {
    const row = document.querySelector(`[data-row="${CSS.escape(bot.bot_id)}"]`);
    if (row) paintRow(row, bot);
  }
  for (const { bot_id: key } of bots.filter((bot) => bot.gone)) unpick(key);
});

const changed = document.querySelector('[data-job]');
if (changed) follow(changed.dataset.job);

/** Keeps the bar of a change of many bots moving until it has ended. */
function follow(job) {
  const regions = new Regions();
  const watch = live.watch(`job:${job}`, () => regions.refresh());
  regions.onChange(() => { if (!document.querySelector('[data-job]')) watch.stop(); });
}

function paintRow(row, bot) {
  const about = `${bot.sentence} ${bot.remedy}`.trim();
  for (const place of row.querySelectorAll('[data-reason]')) {
    write(row, place, bot.sentence);
    if (place.title !== about) place.title = about;
  }
  const servers = bot.guild_count === null ? '—' : NUMBERS.format(bot.guild_count);
  for (const place of row.querySelectorAll('[data-servers]')) write(row, place, servers);
  for (const place of row.querySelectorAll('[data-last-event]')) writeMoment(place, bot.last_event_at);
}

function write(row, place, text) {
  if (place.textContent.trim() === text.trim()) return;
  place.textContent = text;
  row.classList.remove('flash');
  requestAnimationFrame(() => row.classList.add('flash'));
}

/** Events come all the time, so a newer one is written without a flash. */
function writeMoment(place, iso) {
  let time = place.querySelector('time');
  if (!iso || (time && new Date(time.dateTime).getTime() === new Date(iso).getTime())) return;
  if (!time) {
    time = document.createElement('time');
    time.dataset.ago = '';
    place.replaceChildren(time);
  }
  const moment = new Date(iso);
  time.dateTime = iso;
  time.title = exact(moment);
  time.textContent = ago(moment);
}

/** A bulk action with a deleted bot in it would be refused as a whole. */
function unpick(key) {
  const box = document.querySelector(`[data-row="${CSS.escape(key)}"] [data-pick]`);
  if (!box || box.disabled) return;
  box.disabled = true;
  box.checked = false;
  box.dispatchEvent(new Event('change', { bubbles: true }));
}
