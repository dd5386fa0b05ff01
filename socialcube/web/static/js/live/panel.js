// The details of one row, as the server writes them for its own page.

import { toast } from '../shell/toast.js';
import { addressOf } from './rows.js';

export class Panel {
  #page;
  #box;
  #onClose;
  #turn = 0;
  #opener = null;

  constructor(page, { onClose }) {
    this.#page = page;
    this.#box = page.querySelector('.inspector');
    this.#onClose = onClose;
    this.#box.addEventListener('click', (event) => this.#onClick(event));
  }

  async open(line) {
    const turn = (this.#turn += 1);
    this.#opener ??= document.activeElement;
    const part = await fetchPart(`${addressOf(line)}&part=1`);
    if (turn !== this.#turn) return;
    if (!part) {
      toast('This row cannot be shown now. It may be too old, or the panel cannot be reached.', 'bad');
      return;
    }
    part.querySelector('[data-close]').hidden = false;
    part.querySelector('[data-copy-link] > span').textContent = 'Copy link';
    this.#box.replaceChildren(part);
    this.#box.classList.add('open');
    this.#page.classList.remove('closed');
    this.#box.focus({ preventScroll: true });
  }

  close() {
    this.#turn += 1;
    if (this.#page.classList.contains('closed')) return;
    this.#page.classList.add('closed');
    this.#box.classList.remove('open');
    this.#box.replaceChildren();
    this.#onClose();
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
    this.#opener = null;
  }

  async #onClick(event) {
    if (event.target.closest('[data-close]')) this.close();
    const link = event.target.closest('[data-copy-link]');
    if (!link) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      toast('The link is copied. Whoever opens it needs the right to see this bot’s log.');
    } catch {
      toast('This browser does not let a page copy. Open the link, then copy its address.', 'warn');
      location.assign(link.href);
    }
  }
}

/** Fetches a piece of our own page, which the server escaped. Null when there is none. */
async function fetchPart(url) {
  try {
    const response = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
    if (!response.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), 'text/html').body.firstElementChild;
  } catch {
    return null;
  }
}
