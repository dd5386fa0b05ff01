// New bot: what the bot does appears while the page is open, and steps that need nobody follow by themselves.

import { sayBusy, sendByItself, sendInPlace } from '../pages/forms.js';
import { keepFresh } from '../pages/live.js';
import { toast } from '../shell/toast.js';

sayBusy();
document.querySelector('#token')?.focus();

const place = document.querySelector('[data-bot]');
if (place) {
  const { regions } = keepFresh(['rows:commands', 'rows:bots'], { botId: place.dataset.bot });
  const look = () => {
    // Sending would throw away what somebody is about to choose, so it waits until they are done.
    if (!document.activeElement?.closest('#sight')) sendByItself(document);
  };
  sendInPlace(() => regions.refresh());
  regions.onChange(look);
  look();
}

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    toast('Copied.');
  } catch {
    toast('The browser did not let us copy. Select the address and copy it by hand.', 'bad');
  }
});
