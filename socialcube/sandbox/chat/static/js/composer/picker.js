/**
 * The list of slash commands above the composer.
 * @module composer/picker
 */
import { avatar } from '../avatar.js';
import { fill, h } from '../dom.js';
import { filterEntries } from './commands.js';

const LIST_ID = 'slash-commands';

/**
 * @param {HTMLTextAreaElement} input which keeps the focus while the list is open
 * @param {(entry: import('./commands.js').Entry) => void} onPick
 */
export function makePicker(input, onPick) {
  const list = h('div', { class: 'picker-list', role: 'listbox', id: LIST_ID, 'aria-label': 'Commands', tabindex: '0' });
  const note = h('p', { class: 'picker-note' });
  // The text field keeps the focus while the mouse picks or scrolls here.
  const keep = (event) => event.preventDefault();
  const element = h('div', { class: 'picker', hidden: true, on: { mousedown: keep } }, list, note);
  const count = h('p', { class: 'visually-hidden', role: 'status' });
  let shown = [];
  let active = 0;
  let typed = '';
  input.setAttribute('aria-controls', LIST_ID);
  input.setAttribute('aria-haspopup', 'listbox');
  input.setAttribute('aria-autocomplete', 'list');

  const mark = () => {
    const options = [...list.querySelectorAll('[role=option]')];
    options.forEach((option, index) => option.setAttribute('aria-selected', String(index === active)));
    options[active]?.scrollIntoView({ block: 'nearest' });
    if (options[active]) input.setAttribute('aria-activedescendant', options[active].id);
    else input.removeAttribute('aria-activedescendant');
  };

  return {
    element,
    count,
    get isOpen() { return !element.hidden; },
    get current() { return element.hidden ? null : shown[active] ?? null; },
    /** @param {import('./commands.js').Entry[]} entries @param {string} query @param {string} empty */
    open(entries, query, empty) {
      const before = typed === query && shown[active];
      typed = query;
      shown = filterEntries(entries, query);
      // A bot that comes online redraws the list; the choice stays where it was.
      active = before ? Math.max(0, shown.findIndex((entry) => entry.name === before.name && entry.bot.id === before.bot.id)) : 0;
      element.hidden = false;
      fill(list, groups(shown, onPick));
      list.hidden = shown.length === 0;
      const nothing = entries.length ? `No command matches “/${query.trim()}”. Enter sends it as a message.` : empty;
      note.textContent = shown.length ? '' : nothing;
      note.hidden = shown.length > 0;
      count.textContent = `${shown.length} commands found`;
      mark();
    },
    /** @param {number} step */
    move(step) {
      if (shown.length) active = (active + step + shown.length) % shown.length;
      mark();
    },
    close() {
      element.hidden = true;
      count.textContent = '';
      input.removeAttribute('aria-activedescendant');
    },
  };
}

/** Options under the heading of their bot; a search may show a bot twice, in the order of the hits. */
function groups(entries, onPick) {
  const result = [];
  entries.forEach((entry, index) => {
    if (result.at(-1)?.bot.id !== entry.bot.id) result.push({ bot: entry.bot, rows: [] });
    result.at(-1).rows.push(row(entry, index, onPick));
  });
  return result.map(({ bot, rows }, index) => h('div', { role: 'group', 'aria-labelledby': `slash-bot-${index}` },
    h('p', { class: 'picker-bot', id: `slash-bot-${index}`, role: 'presentation' }, bot.name, !bot.online && h('span', {}, 'offline')), rows));
}

function row(entry, index, onPick) {
  return h('div', { class: 'picker-row', role: 'option', id: `slash-${index}`, 'aria-selected': 'false', on: { click: () => onPick(entry) } },
    avatar(entry.bot, 'bot'),
    h('span', { class: 'picker-text' },
      h('span', { class: 'picker-name' }, h('b', {}, `/${entry.name}`), entry.options.map((option) => h('span', { class: 'picker-option' }, option.required ? option.name : `${option.name}?`))),
      h('span', { class: 'picker-description' }, entry.description)),
    h('span', { class: 'picker-from' }, entry.bot.name));
}
