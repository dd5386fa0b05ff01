// A form: says what is not saved, keeps it from being lost, and asks for a name before deleting.

import { confirm } from '../shell/dialog.js';
import { wakeComboboxes } from './combobox.js';
import { wakeInlineLists } from './inline_list.js';

const form = document.querySelector('[data-form]');
const note = document.querySelector('[data-unsaved]');
let isLeaving = false;

const state = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== 'csrf_token'));
const began = state();

function changes() {
  const before = new Set(JSON.parse(began).map(String));
  return JSON.parse(state()).filter((entry) => !before.has(String(entry))).length;
}

function tell() {
  const count = state() === began ? 0 : Math.max(changes(), 1);
  note.textContent = count ? `${count} ${count === 1 ? 'change' : 'changes'} not saved` : '';
}

form.addEventListener('input', tell);
form.addEventListener('change', tell);
form.addEventListener('submit', () => { isLeaving = true; });
addEventListener('beforeunload', (event) => {
  if (!isLeaving && state() !== began) event.preventDefault();
});

document.querySelector('[data-summary]')?.focus();
wakeInlineLists(form, tell);
wakeComboboxes(form);

const remove = document.querySelector('[data-delete]');
remove?.addEventListener('click', async (event) => {
  event.preventDefault();
  const name = remove.dataset.delete.trim();
  const yes = await confirm({ title: `Delete ${name}?`, text: remove.dataset.help, action: 'Delete', danger: true, type: name });
  if (!yes) return;
  isLeaving = true;
  send(remove.href, name);
});

/** Posts the typed name to the page that the link leads to without script. */
function send(url, typed) {
  const address = new URL(url);
  const sent = document.createElement('form');
  sent.method = 'post';
  sent.action = address.pathname;
  const values = { id: address.searchParams.get('id'), typed, csrf_token: form.elements.csrf_token.value };
  for (const [name, value] of Object.entries(values)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    sent.append(input);
  }
  document.body.append(sent);
  sent.submit();
}
