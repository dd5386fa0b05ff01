// The page of a bot: its state, its steps and what happens to it, live.

import { askFirst, sendByItself, sendInPlace } from '../pages/forms.js';
import { keepFresh } from '../pages/live.js';
import { toast } from '../shell/toast.js';
import { wakeComboboxes } from '../ui/combobox.js';
import { previewPictures, previewPresence, settleProfile } from './looks.js';

const { bot: botId } = document.querySelector('[data-bot]').dataset;
const topics = ['figures'];
if (document.querySelector('[data-region="timeline"]')) topics.push('rows:bots');
if (document.querySelector('[data-region="runs"]')) topics.push('rows:commands');
const { regions } = keepFresh(topics, { botId });
sendInPlace(() => regions.refresh());
askFirst();
wakeComboboxes(document);
// On a phone the tabs scroll sideways, and the open one may lie outside.
document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy-id]');
  if (!button) return;
  button.closest('.menu').open = false;
  try {
    await navigator.clipboard.writeText(button.dataset.copyId);
    toast(`Copied ${button.dataset.copyId}.`);
  } catch {
    toast(`The browser does not let us copy. The id is ${button.dataset.copyId}.`, 'bad');
  }
});
regions.onChange(() => sendByItself(document));
regions.onChange(settleProfile);
settleProfile();
previewPresence();
previewPictures();
sendByItself(document);
