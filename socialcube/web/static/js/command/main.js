// The page of a command. Everything here also works without script; this saves loading the page again.

import { drawAll } from './discord_markdown.js';
import { Drafts } from './drafts.js';
import { showPane } from './panes.js';
import { Inserter, moveButton, openPlace } from './steps.js';
import { tryOut, waitForEnd } from './trial.js';
import { toast } from '../shell/toast.js';

const drafts = new Drafts(onDrawn);
const inserter = new Inserter();

document.documentElement.dataset.scripted = '';
onDrawn();
drafts.resume();
// Somebody may type before this script is here.
if (wasTypedInto(drafts.form)) drafts.touch();
waitForEnd(onDrawn).catch((error) => toast(error.message, 'bad'));

function wasTypedInto(form) {
  const fields = [...form?.elements ?? []].filter((field) => field.matches('textarea, input:not([type=hidden])'));
  return fields.some((field) => field.value !== field.defaultValue);
}

function onDrawn() {
  const known = JSON.parse(document.querySelector('[data-builder]')?.dataset.names ?? '{}');
  drawAll(document, known);
}

document.addEventListener('input', ({ target }) => {
  if (target.form?.matches('[data-editor]')) drafts.touch();
});

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-redraws]') && target.form?.matches('[data-editor]')) {
    const place = target.name.startsWith('options') ? target.name.replace(/\.type$/, '') : 'name';
    drafts.press({ name: 'do', value: `save ${place}` });
  }
});

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (form.matches('[data-editor]')) {
    event.preventDefault();
    drafts.press(submitter);
  } else if (form.matches('[data-try]')) {
    event.preventDefault();
    drafts.flush().then(() => tryOut(form, onDrawn));
  }
});

document.addEventListener('focusin', ({ target }) => inserter.noteFocus(target));

document.addEventListener('click', (event) => {
  const { target } = event;
  const insert = target.closest('[data-insert]');
  if (insert) inserter.insert(insert);
  const open = target.closest('[data-open]');
  if (open) {
    event.preventDefault();
    openPlace(open.dataset.open);
  }
  const pane = target.closest('[data-pane-link]');
  if (pane) {
    event.preventDefault();
    showPane(pane.dataset.paneLink);
  }
  const away = target.closest('a[href]:not([data-open]):not([data-pane-link])');
  if (away && drafts.isDirty && !event.defaultPrevented) {
    event.preventDefault();
    drafts.flush().then(() => location.assign(away.href));
  }
});

document.addEventListener('keydown', (event) => {
  const button = moveButton(event);
  if (!button) return;
  event.preventDefault();
  drafts.press(button);
});

addEventListener('pagehide', () => drafts.leave());
