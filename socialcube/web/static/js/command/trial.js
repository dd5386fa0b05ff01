// Tries the draft: asks, then waits for the worker's answer, told by the live connection or by asking again.

import { fetchPage, postForm, takeOver } from './page.js';
import { toast } from '../shell/toast.js';

const POLL_MS = 400;
const GIVE_UP_MS = 60_000;

/** Sends the form and shows the answer when it comes. */
export async function tryOut(form, onDrawn) {
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const answer = await postForm(form);
    if (answer.refusal) throw new Error(answer.refusal);
    takeOver(answer.document, { only: ['trial'] });
    onDrawn();
    await waitForEnd(onDrawn);
  } catch (error) {
    toast(error.message, 'bad');
  } finally {
    button.disabled = false;
  }
}

/** Waits until the shown trial is over. */
export async function waitForEnd(onDrawn) {
  const place = () => document.querySelector('[data-live="trial"]');
  const { job, address } = place()?.dataset ?? {};
  if (!job || place().dataset.over === 'yes') return;
  const bell = await listen(job);
  const deadline = Date.now() + GIVE_UP_MS;
  try {
    while (place()?.dataset.job === job && place().dataset.over !== 'yes' && Date.now() < deadline) {
      await bell.rung();
      const answer = await fetchPage(address);
      if (answer.refusal) throw new Error(answer.refusal);
      takeOver(answer.document, { only: ['trial'] });
      onDrawn();
    }
  } finally {
    // A page may watch a few things only, and authors try many times.
    bell.close();
  }
}

/** Rings when the job moves, and now and then by itself: the live connection may be away. */
async function listen(job) {
  let ring = () => {};
  let close = () => {};
  try {
    const { connect } = await import('../socket.js');
    close = connect().watch(`job:${job}`, () => ring()).stop;
  } catch {
    // Asking again is enough.
  }
  const rung = () => new Promise((resolve) => {
    const timer = setTimeout(resolve, POLL_MS);
    ring = () => { clearTimeout(timer); resolve(); };
  });
  return { rung, close };
}
