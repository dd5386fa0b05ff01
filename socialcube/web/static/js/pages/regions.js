// Keeps parts of a page true: fetches the page again and puts its regions in the place of the old ones.
//
// The server renders each part in one way only, so a page that was reloaded and one that stayed open say the same.

import { Backoff } from '../socket/backoff.js';

const LEAST_MS = 700;
const MOST_MS = 10_000;

/** The regions of this page, kept fresh. `refresh()` may be called at every hint: it runs at most once in 0.7 s. */
export class Regions {
  #isBusy = false;
  #isAsked = false;
  #listeners = [];
  #backoff = new Backoff(2 * LEAST_MS);
  #goOn = () => {};

  /** Calls back after each change with the new regions. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  async refresh() {
    this.#isAsked = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isAsked) {
        this.#isAsked = false;
        const isAnswered = await this.#fetchOnce();
        if (isAnswered) this.#backoff.reset();
        await this.#pause(isAnswered ? LEAST_MS : this.#backoff.next());
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** Looks again without waiting any longer: the server answers again. */
  hurry() {
    this.#goOn();
    this.refresh();
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.#goOn = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  /** Gives whether the server answered. */
  async #fetchOnce() {
    let response;
    let text;
    try {
      const signal = AbortSignal.timeout(MOST_MS);
      response = await fetch(location.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin', signal });
      text = await response.text();
    } catch {
      return false; // A later hint tries again; the page's status tells how old it is meanwhile.
    }
    // A sign-in page in the place of this one has no regions of ours.
    if (!response.ok || response.redirected) return response.status < 500;
    this.#show(new DOMParser().parseFromString(text, 'text/html'));
    return true;
  }

  #show(fresh) {
    const changed = [];
    for (const old of document.querySelectorAll('[data-region]')) {
      const next = fresh.querySelector(`[data-region="${old.dataset.region}"]`);
      if (next && change(old, next)) changed.push(next);
    }
    for (const listener of this.#listeners) listener(changed);
  }
}

function change(old, next) {
  if (signature(old) === signature(next)) return false;
  const seen = new Set(keysOf(old));
  const hold = holdFocus(old);
  keepChoices(old, next);
  old.replaceWith(document.adoptNode(next));
  hold(next);
  if (seen.size) {
    for (const item of next.querySelectorAll('[data-key]')) {
      if (!seen.has(item.dataset.key)) item.classList.add('flash');
    }
  }
  return true;
}

/** Relative times and tokens of forms differ at each fetch without anything being new. */
function signature(region) {
  const copy = region.cloneNode(true);
  for (const time of copy.querySelectorAll('time[data-ago]')) time.textContent = '';
  for (const field of copy.querySelectorAll('[name="csrf_token"]')) field.remove();
  for (const item of copy.querySelectorAll('.flash')) item.classList.remove('flash');
  for (const picture of copy.querySelectorAll('[data-picture]')) picture.removeAttribute('data-picture');
  for (const item of copy.querySelectorAll('[class=""]')) item.removeAttribute('class');
  for (const status of copy.querySelectorAll('[data-live-status]')) {
    status.textContent = '';
    status.removeAttribute('data-tone');
  }
  for (const button of copy.querySelectorAll('button[disabled]')) button.removeAttribute('disabled');
  return copy.outerHTML.replace(/\s+/g, ' ');
}

function keysOf(region) {
  return [...region.querySelectorAll('[data-key]')].map((item) => item.dataset.key);
}

/** What was chosen but not sent yet stays chosen, and what was unfolded stays so. */
function keepChoices(old, next) {
  for (const field of old.querySelectorAll('select, input[type="radio"], input[type="text"]')) {
    const twin = twinOf(field, next);
    if (!twin) continue;
    if (field.type === 'radio') twin.checked = field.checked;
    else if ([...(twin.options ?? [])].some((option) => option.value === field.value) || !twin.options) twin.value = field.value;
  }
  const folds = next.querySelectorAll('details');
  old.querySelectorAll('details').forEach((fold, place) => {
    if (folds[place]) folds[place].open = fold.open;
  });
}

function twinOf(field, next) {
  const value = field.type === 'radio' ? `[value="${CSS.escape(field.value)}"]` : '';
  return field.name ? next.querySelector(`${field.localName}[name="${CSS.escape(field.name)}"]${value}`) : null;
}

function holdFocus(old) {
  const focused = document.activeElement;
  if (!focused || !old.contains(focused)) return () => {};
  const place = [...old.querySelectorAll('a, button, input, select, summary, [tabindex]')].indexOf(focused);
  const text = focused.textContent;
  return (next) => {
    const all = [...next.querySelectorAll('a, button, input, select, summary, [tabindex]')];
    const same = all[place]?.textContent === text ? all[place] : all.find((item) => item.textContent === text);
    (same ?? all[place])?.focus({ preventScroll: true });
  };
}
