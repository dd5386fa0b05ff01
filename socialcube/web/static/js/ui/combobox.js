// A <select> with many choices becomes a searchable field. Without script it stays a <select>.

import { getJson } from '../shell/http.js';

const FEW = 50;
const WAIT_MS = 150;

/** Upgrades every `select[data-role="combobox"]`; `data-url` names the look-up that knows more choices. */
export function wakeComboboxes(root) {
  for (const select of root.querySelectorAll('select[data-role="combobox"]')) new Combobox(select);
}

class Combobox {
  constructor(select) {
    this.select = select;
    this.places = [...select.options].map(({ value, text }) => [value, text]);
    this.input = this.#makeInput();
    this.list = this.#makeList();
    const box = document.createElement('div');
    box.className = 'combobox';
    select.before(box);
    box.append(this.input, this.list, select);
    select.hidden = true;
    this.#listen();
  }

  #makeInput() {
    const input = document.createElement('input');
    const { select } = this;
    Object.assign(input, { className: 'input', type: 'text', id: select.id, autocomplete: 'off', value: select.selectedOptions[0]?.text ?? '' });
    for (const name of ['aria-describedby', 'aria-invalid']) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    select.removeAttribute('id');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', `${input.id}-list`);
    return input;
  }

  #makeList() {
    const list = document.createElement('ul');
    Object.assign(list, { id: `${this.input.id}-list`, hidden: true });
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'Choices');
    return list;
  }

  #listen() {
    this.input.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#find(this.input.value), WAIT_MS);
    });
    this.input.addEventListener('focus', () => { this.input.select(); this.#find(''); });
    this.input.addEventListener('blur', () => this.#close());
    this.input.addEventListener('keydown', (event) => this.#onKey(event));
    // A press must not take the focus away before the choice is made.
    this.list.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const option = event.target.closest('[role="option"]');
      if (option) this.#choose(option);
    });
  }

  async #find(words) {
    const asked = words.trim().toLowerCase();
    let found = this.places.filter(([, text]) => text.toLowerCase().includes(asked));
    const { url } = this.select.dataset;
    if (url && asked) {
      try {
        found = await getJson(`${url}${url.includes('?') ? '&' : '?'}query=${encodeURIComponent(asked)}`);
      } catch {
        // What came with the page can still be chosen.
      }
    }
    if (document.activeElement === this.input) this.#show(found.slice(0, FEW));
  }

  #show(found) {
    this.list.replaceChildren(...found.map(([value, text], index) => {
      const option = document.createElement('li');
      option.id = `${this.list.id}-${index}`;
      option.setAttribute('role', 'option');
      option.dataset.value = value;
      option.textContent = text;
      return option;
    }));
    this.list.hidden = found.length === 0;
    this.input.setAttribute('aria-expanded', String(found.length > 0));
    this.#mark(0);
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.list.children.length;
    if (step && this.list.hidden) this.#find('');
    else if (step && count) this.#mark((this.marked + step + count) % count);
    else if (event.key === 'Enter' && !this.list.hidden) this.#choose(this.list.children[this.marked]);
    else if (event.key === 'Escape' && !this.list.hidden) this.#close();
    else return;
    event.preventDefault();
  }

  #mark(index) {
    this.marked = index;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute('aria-selected', String(place === index));
    }
    const option = this.list.children[index];
    option?.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option?.id ?? '');
  }

  #choose(option) {
    const { value } = option.dataset;
    if (![...this.select.options].some((known) => known.value === value)) {
      this.select.add(new Option(option.textContent, value));
    }
    this.select.value = value;
    this.select.dispatchEvent(new Event('change', { bubbles: true }));
    this.#close();
  }

  #close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.value = this.select.selectedOptions[0]?.text ?? '';
  }
}
