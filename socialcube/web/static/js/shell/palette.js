// Ctrl K: jump to a bot, a server, a command, a run, a page or an action, with the keyboard alone.

import { getJson } from './http.js';

const WAIT_MS = 120;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** One place to jump to, as `/admin/jump` tells it.
 * @typedef {{kind: string, label: string, note: string, url: string, icon: string}} Place */

export function wakePalette() {
  const dialog = document.querySelector('[data-palette]');
  if (!dialog) return;
  const palette = new Palette(dialog);
  document.addEventListener('click', ({ target }) => {
    if (target.closest('[data-jump]')) palette.open();
  });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
    event.preventDefault();
    palette.open();
  });
}

/** A list that is searched by typing. `onChoose` gets the place instead of the browser going to its `url`. */
export class Palette {
  constructor(dialog, { url = dialog.dataset.palette, onChoose = null } = {}) {
    Object.assign(this, { url, onChoose });
    this.dialog = dialog;
    this.input = dialog.querySelector('input');
    this.list = dialog.querySelector('[role="listbox"]');
    this.note = dialog.querySelector('[data-palette-note]');
    this.sprite = dialog.dataset.sprite;
    this.asked = 0;
    this.input.addEventListener('input', () => this.#askSoon());
    this.input.addEventListener('keydown', (event) => this.#onKey(event));
    dialog.addEventListener('click', ({ target }) => { if (target === dialog) dialog.close(); });
  }

  open() {
    if (this.dialog.open) return;
    this.input.value = '';
    this.dialog.showModal();
    this.#ask();
  }

  #askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), WAIT_MS);
  }

  async #ask() {
    const number = ++this.asked;
    const words = this.input.value.trim();
    try {
      const { places } = await getJson(`${this.url}?q=${encodeURIComponent(words)}`);
      // A slow answer must not replace the one to a later question.
      if (number === this.asked) this.#show(places, words);
    } catch (error) {
      this.note.textContent = error.message;
    }
  }

  /** @param {Place[]} places */
  #show(places, words) {
    this.list.replaceChildren(...places.map((place, index) => this.#option(place, index)));
    this.note.textContent = places.length ? `${places.length} found` : `Nothing is called “${words}”.`;
    this.note.classList.toggle('sr', places.length > 0);
    this.input.setAttribute('aria-expanded', String(places.length > 0));
    this.#pick(0);
  }

  #option(place, index) {
    const { kind, label, note, url, icon } = place;
    const option = document.createElement(this.onChoose ? 'button' : 'a');
    if (this.onChoose) {
      option.type = 'button';
      option.addEventListener('click', () => this.#chooseHere(place));
    } else {
      option.href = url;
    }
    option.id = `${this.list.id}-${index}`;
    option.tabIndex = -1;
    option.setAttribute('role', 'option');
    const words = document.createElement('span');
    words.className = 'cut';
    words.textContent = label;
    const small = document.createElement('small');
    small.textContent = [kind, note].filter(Boolean).join(' · ');
    option.append(this.#icon(icon), words, small);
    return option;
  }

  async #chooseHere(place) {
    try {
      await this.onChoose(place);
    } catch (error) {
      this.note.textContent = error.message;
      this.note.classList.remove('sr');
    }
  }

  #icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${this.sprite}#${name}`);
    svg.append(use);
    return svg;
  }

  #onKey(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.list.children[this.picked]?.click();
    } else if (event.key in STEPS) {
      event.preventDefault();
      const count = this.list.children.length;
      if (count) this.#pick((this.picked + STEPS[event.key] + count) % count);
    }
  }

  #pick(index) {
    this.picked = index;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute('aria-selected', String(place === index));
    }
    const chosen = this.list.children[index];
    chosen?.scrollIntoView({ block: 'nearest' });
    if (chosen) this.input.setAttribute('aria-activedescendant', chosen.id);
    else this.input.removeAttribute('aria-activedescendant');
  }
}
