// A check of the audit log that a worker does: shows how far it is, then the page as it is with the result.

import { getJson, post } from '../shell/http.js';
import { toast } from '../shell/toast.js';

const LOOK_MS = 700;
const form = document.querySelector('[data-check]');

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const { url } = await post(form.action, new FormData(form));
    button.hidden = true;
    form.append(progressBar());
    await follow(url);
  } catch (error) {
    toast(error.message, 'bad');
    button.disabled = false;
    button.hidden = false;
    form.querySelector('.progress')?.remove();
  }
});

if (form?.dataset.state) follow(form.dataset.state).catch((error) => toast(error.message, 'bad'));

async function follow(url) {
  const bar = form.querySelector('progress');
  for (;;) {
    const job = await getJson(url);
    bar.value = job.progress;
    if (!job.is_open) break;
    await new Promise((done) => { setTimeout(done, LOOK_MS); });
  }
  location.reload();
}

function progressBar() {
  const box = document.createElement('span');
  box.className = 'progress';
  const words = document.createElement('span');
  words.setAttribute('role', 'status');
  words.textContent = 'Checking…';
  const bar = document.createElement('progress');
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute('aria-label', 'Progress');
  box.append(words, bar);
  return box;
}
