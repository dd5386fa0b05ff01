// A file that a worker writes: shows how far it is, then offers it. Without script the same door is a page.

import { getJson, post } from '../shell/http.js';
import { toast } from '../shell/toast.js';

const LOOK_MS = 700;
const form = document.querySelector('[data-export]');

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  const bar = progressBar();
  button.hidden = true;
  form.append(bar.box);
  try {
    const { url } = await post(form.action, new FormData(form));
    offer(await finished(url, bar));
  } catch (error) {
    toast(error.message, 'bad');
    button.hidden = false;
  }
  bar.box.remove();
});

async function finished(url, bar) {
  for (;;) {
    const job = await getJson(url);
    bar.move(job.progress);
    if (job.url) return job.url;
    if (!job.is_open) throw new Error(job.problem || 'The file could not be written. Ask for it again.');
    await new Promise((done) => { setTimeout(done, LOOK_MS); });
  }
}

function offer(url) {
  const link = document.createElement('a');
  Object.assign(link, { href: url, className: 'btn main-action', textContent: 'Download', download: '' });
  form.append(link);
  link.focus();
}

function progressBar() {
  const box = document.createElement('span');
  box.className = 'progress';
  const words = document.createElement('span');
  words.setAttribute('role', 'status');
  words.textContent = 'Writing the file…';
  const bar = document.createElement('progress');
  bar.max = 100;
  bar.setAttribute('aria-label', 'Progress');
  box.append(words, bar);
  return { box, move: (percent) => { bar.value = percent; } };
}
