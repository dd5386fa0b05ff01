// Asks the panel every second whether Discord has answered, then goes on where the person was.

import { getJson } from '../shell/http.js';

const ASK_EVERY_MS = 1000;

/** Waits on a page that says that Discord is asked. What was typed is sent again, an empty page is opened again. */
export function waitForAnswer() {
  const place = document.querySelector('[data-waits]');
  if (!place) return;
  const form = place.querySelector('form[data-kept="yes"]');
  const timer = setInterval(async () => {
    let standing;
    try {
      ({ standing } = await getJson(place.dataset.waits));
    } catch {
      return; // The next second tries again.
    }
    if (standing === 'checking') return;
    clearInterval(timer);
    if (form) form.requestSubmit();
    else location.reload();
  }, ASK_EVERY_MS);
}
