// Draws only the rows that can be seen, with two gaps as high as the rest.

import { drawRow, gapRow } from './rows.js';
import { keyOf } from './store.js';

const SPARE_ROWS = 12;
const NEAR_END_PX = 48;

export class View {
  #store;
  #body;
  #onOpen;
  #drawn = new Map();
  #above = gapRow();
  #below = gapRow();
  #isFollowing = true;
  #selected = null;
  #seen = 0;
  #dropped = 0;
  #isAsked = false;
  #lastY = 0;
  #height = 0;

  constructor(page, store, { onOpen }) {
    this.#store = store;
    this.#onOpen = onOpen;
    this.#body = page.querySelector('[data-rows]');
    this.table = page.querySelector('.log');
    this.table.setAttribute('role', 'grid');
    this.empty = page.querySelector('[data-empty]');
    this.newest = page.querySelector('[data-newest]');
    this.newestWords = page.querySelector('[data-newest-words]');
    this.noticeBox = page.querySelector('[data-notice]');
    this.#body.replaceChildren(this.#above, this.#below);
    this.#body.addEventListener('click', (event) => this.#onClick(event));
    addEventListener('scroll', () => this.#onScroll(), { passive: true });
    addEventListener('resize', () => { this.#height = 0; this.changed(); });
  }

  /** Asks to be drawn once in the next frame, however much changed. */
  changed() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#draw();
    });
  }

  /** Goes to the end and stays there. */
  follow() {
    this.#isFollowing = true;
    this.changed();
  }

  move(by) {
    const { lines } = this.#store;
    if (!lines.length) return;
    const now = this.#store.indexOf(this.#selected);
    const next = now < 0 ? lines.length - 1 : Math.min(Math.max(now + by, 0), lines.length - 1);
    this.select(lines[next]);
    this.#isFollowing = next === lines.length - 1 && !this.#store.isPaused && this.#isFollowing;
    this.#reveal(next);
    this.#draw();
    this.#drawn.get(this.#selected)?.focus({ preventScroll: true });
  }

  open() {
    const line = this.#store.lines[this.#store.indexOf(this.#selected)];
    if (line) this.#onOpen(line);
  }

  select(line) {
    this.#selected = line ? keyOf(line) : null;
    for (const [key, row] of this.#drawn) this.#mark(row, key);
  }

  notice(text) {
    this.noticeBox.textContent = text;
    this.noticeBox.hidden = false;
  }

  #onClick(event) {
    const row = event.target.closest('tr[data-key]');
    // A click that opens a new tab is the browser's.
    if (!row || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const line = this.#store.lines[this.#store.indexOf(row.dataset.key)];
    if (!line) return;
    this.select(line);
    this.#onOpen(line);
  }

  #onScroll() {
    const y = scrollY;
    if (y < this.#lastY - 2) this.#isFollowing = false;
    if (this.#isAtEnd() && !this.#store.isPaused) this.#isFollowing = true;
    this.#lastY = y;
    this.changed();
  }

  #isAtEnd() {
    return innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR_END_PX;
  }

  #draw() {
    const { lines, dropped } = this.#store;
    const height = this.#rowHeight();
    if (dropped > this.#dropped && !this.#isFollowing) scrollBy(0, -(dropped - this.#dropped) * height);
    this.#dropped = dropped;
    const top = this.#body.getBoundingClientRect().top;
    const shown = Math.ceil(innerHeight / height) + 2 * SPARE_ROWS;
    const last = Math.max(0, lines.length - shown);
    const first = this.#isFollowing ? last : Math.min(last, Math.max(0, Math.floor(-top / height) - SPARE_ROWS));
    const some = lines.slice(first, first + shown);
    this.#place(some);
    this.#above.firstChild.style.height = `${first * height}px`;
    this.#below.firstChild.style.height = `${Math.max(0, lines.length - first - some.length) * height}px`;
    this.table.setAttribute('aria-rowcount', String(lines.length));
    this.empty.hidden = lines.length > 0;
    if (this.#isFollowing && !this.#store.isPaused) {
      scrollTo(0, document.documentElement.scrollHeight);
      this.#lastY = scrollY;
      this.#seen = dropped + lines.length;
    }
    this.#sayNew(dropped + lines.length - this.#seen + this.#store.waiting);
  }

  /** Puts these lines between the gaps, and touches only rows that come or go. */
  #place(lines) {
    const wanted = new Set(lines.map(keyOf));
    for (const [key, row] of this.#drawn) {
      if (!wanted.has(key)) {
        row.remove();
        this.#drawn.delete(key);
      }
    }
    let before = this.#above;
    for (const line of lines) {
      const key = keyOf(line);
      let row = this.#drawn.get(key);
      if (!row) {
        row = drawRow(line, key);
        this.#drawn.set(key, row);
        this.#mark(row, key);
      }
      if (before.nextSibling !== row) before.after(row);
      before = row;
    }
  }

  #mark(row, key) {
    row.setAttribute('aria-selected', String(key === this.#selected));
    row.tabIndex = key === this.#selected ? 0 : -1;
  }

  #rowHeight() {
    if (!this.#height) {
      const row = this.#drawn.values().next().value;
      this.#height = row?.getBoundingClientRect().height || 0;
    }
    return this.#height || (innerWidth < 640 ? 52 : 28);
  }

  #reveal(index) {
    const height = this.#rowHeight();
    const y = this.#body.getBoundingClientRect().top + index * height;
    const head = this.table.tHead.getBoundingClientRect().bottom;
    if (y < head) scrollBy(0, y - head - height);
    else if (y + height > innerHeight) scrollBy(0, y + 2 * height - innerHeight);
    this.#lastY = scrollY;
  }

  #sayNew(count) {
    this.newest.hidden = count <= 0;
    this.newestWords.textContent = `${count.toLocaleString('en')} new`;
  }
}
