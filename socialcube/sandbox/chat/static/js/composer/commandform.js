/**
 * The fields of a picked command; Enter sends, Escape goes back.
 * @module composer/commandform
 */
import { avatar } from '../avatar.js';
import { h, iconButton } from '../dom.js';
import { wireOptions } from './commands.js';
import { makeField } from './fields.js';

/**
 * @param {import('./commands.js').Entry} entry
 * @param {object} guild
 * @param {{onSend: (options: object[]) => Promise<void>, onCancel: () => void}} handlers
 * @returns {{element: HTMLFormElement, focus: () => void}}
 */
export function makeCommandForm(entry, guild, handlers) {
  const fields = entry.options.map((option) => ({ option, ...makeField(option, guild) }));
  const send = h('button', { type: 'submit', class: 'button primary' }, 'Send');
  const form = h('form', { class: 'command-form', novalidate: true, 'aria-label': `Command ${entry.name}` },
    h('header', {}, avatar(entry.bot, 'bot'),
      h('div', { class: 'command-head' }, h('b', {}, `/${entry.name}`), h('span', {}, entry.description)),
      iconButton('x', 'Cancel the command', handlers.onCancel)),
    fields.length ? h('div', { class: 'fields' }, fields.map((field) => field.element)) : null,
    h('footer', {}, h('p', { class: 'hint' }, offlineHint(entry), h('span', { class: 'keys' }, h('kbd', {}, 'Enter'), ' sends, ', h('kbd', {}, 'Esc'), ' cancels')), send));

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = readAll(fields);
    if (!values) return;
    send.disabled = true;
    await handlers.onSend(wireOptions(entry, values));
    send.disabled = false;
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      handlers.onCancel();
    } else if (event.key === 'Enter' && event.target instanceof HTMLSelectElement) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  return { element: form, focus: () => (fields[0]?.input ?? send).focus() };
}

function offlineHint(entry) {
  return entry.bot.online ? '' : h('span', { class: 'offline-hint' }, `${entry.bot.name} is offline and will not answer. `);
}

/** Gives the values as an interaction carries them, or null after showing each problem. */
function readAll(fields) {
  const values = [];
  let first = null;
  for (const field of fields) {
    const { value, problem } = field.read();
    field.show(problem ?? '');
    if (problem) first ??= field.input;
    else if (value !== undefined) values.push({ type: field.option.type, name: field.option.name, value });
  }
  first?.focus();
  return first ? null : values;
}
