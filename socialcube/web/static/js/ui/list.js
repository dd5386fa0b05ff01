// A list: picking rows for bulk actions, and questions before what cannot be undone. All of it works without script too.

import { confirm } from '../shell/dialog.js';

const LONG_PRESS_MS = 500;
const bar = document.querySelector('[data-selection]');
const boxes = () => [...document.querySelectorAll('[data-pick]')];

function count() {
  if (!bar) return;
  const picked = boxes().filter((box) => box.checked).length;
  const head = document.querySelector('[data-pick-all]');
  bar.hidden = picked === 0;
  bar.querySelector('[data-picked]').textContent = picked;
  head.checked = picked > 0 && picked === boxes().length;
  head.indeterminate = picked > 0 && picked < boxes().length;
}

function pickAll(on) {
  for (const box of boxes()) box.checked = on && !box.disabled;
  count();
}

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-pick-all]')) pickAll(target.checked);
  if (target.matches('[data-pick]')) count();
});

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-pick-none]')) pickAll(false);
});

document.addEventListener('submit', async (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.question ?? form.dataset.confirm;
  if (!question || form.dataset.agreed) return;
  event.preventDefault();
  const { submitter } = event;
  const action = submitter.textContent.trim();
  if (!await confirm({ title: `${action}?`, text: question, action, danger: true })) return;
  form.dataset.agreed = 'yes';
  const said = document.createElement('input');
  Object.assign(said, { type: 'hidden', name: 'confirmed', value: '1' });
  form.append(said);
  form.requestSubmit(submitter);
});

// On a phone the boxes are hidden: a long press picks the card instead.
let pressed;
document.addEventListener('pointerdown', ({ target, pointerType }) => {
  const box = pointerType === 'touch' && target.closest('[data-row]')?.querySelector('[data-pick]');
  if (!box) return;
  pressed = setTimeout(() => {
    box.checked = !box.checked;
    count();
  }, LONG_PRESS_MS);
});
for (const end of ['pointerup', 'pointercancel', 'pointermove']) {
  document.addEventListener(end, () => clearTimeout(pressed));
}

// A page that the browser kept comes back with its boxes ticked.
addEventListener('pageshow', count);
count();
