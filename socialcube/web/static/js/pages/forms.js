// Sends small forms without leaving the page. Without this script they are plain forms that do the same.

import { confirm } from '../shell/dialog.js';
import { post } from '../shell/http.js';
import { toast } from '../shell/toast.js';

/** Sends forms marked `data-send` in place, then calls `after`. */
export function sendInPlace(after) {
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.matches('form[data-send]')) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    try {
      const { message, url } = await post(form.action, new FormData(form));
      if (message) toast(message);
      // What the address says has changed: the same page, with one thing more to show.
      if (url && new URL(url, location.href).pathname === location.pathname) history.replaceState(null, '', url);
      after();
    } catch (error) {
      // A page that is too old: the answer to the plain form gives back what was typed.
      if (error.details?.error?.code === 'stale_form') form.submit();
      else toast(error.message, 'bad');
    } finally {
      if (button) button.disabled = false;
    }
  });
}

/** Asks before a form is sent whose `data-ask`, or that of the pressed button, says what is lost with it. */
export function askFirst() {
  document.addEventListener('submit', async (event) => {
    const { target: form, submitter } = event;
    const text = submitter?.dataset.ask ?? form.dataset.ask;
    if (!text || form.dataset.agreed) return;
    event.preventDefault();
    const action = submitter.textContent.trim();
    if (!await confirm({ title: `${action}?`, text, action, danger: true })) return;
    form.dataset.agreed = 'yes';
    form.requestSubmit(submitter);
  });
}

/** Submits a form marked `data-auto` once: the step that follows by itself. */
export function sendByItself(root, sent = new WeakSet()) {
  for (const form of root.querySelectorAll('form[data-auto]')) {
    if (sent.has(form)) continue;
    sent.add(form);
    form.requestSubmit();
  }
}

/** Says that a form is under way, and lets nobody send it twice. */
export function sayBusy() {
  for (const form of document.querySelectorAll('form[data-busy]')) {
    form.addEventListener('submit', () => {
      const button = form.querySelector('[type="submit"]');
      button.textContent = form.dataset.busy;
      // The button must still be enabled while the browser collects the form.
      setTimeout(() => { button.disabled = true; });
    });
  }
  // A page from the browser's cache shows its buttons as they were left.
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
}
