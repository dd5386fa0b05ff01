// Follows one log: every row once and in order, whatever happens to the socket in between.
//
// The server says from which id it will send everything. What lies between that and the last row seen here is
// fetched over HTTP first, while new rows wait; ids grow in the order of commits, so one number tells what is new.

import { askJson } from './asking.js';
import { Backoff } from './backoff.js';

const MOST_PAGES = 20;
const MOST_WAITING = 10_000;
const RETRY_MS = 1000;

export class RowsWatch {
  #cursor;
  #room = null;
  #turn = 0;
  #waiting = null;

  constructor(topic, stream, handler, options, status) {
    Object.assign(this, { topic, stream, handler, options, status });
    this.filters = options.filters ?? {};
    this.#cursor = options.since ?? null;
  }

  /** Forgets the socket. What was seen stays seen. */
  pause() {
    this.#turn += 1;
    this.#room = null;
    this.#waiting = null;
  }

  stop() {
    this.pause();
    this.handler = () => {};
  }

  refuse(message) {
    this.options.onRefused?.(message);
  }

  /** The server let us in: everything behind `from` will come by itself. */
  async begin({ room, from }) {
    const turn = (this.#turn += 1);
    this.#room = room;
    this.#waiting = [];
    const backoff = new Backoff(RETRY_MS);
    while (this.#cursor === null || this.#cursor < from) {
      try {
        await this.#fetchOnce(() => turn === this.#turn);
      } catch {
        await new Promise((resolve) => { setTimeout(resolve, backoff.next()); });
      }
      if (turn !== this.#turn) return;
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    for (const message of waiting) this.#take(message);
  }

  onRows(message) {
    if (message.room !== this.#room) return;
    if (message.rows.length) this.status.heardRows(message);
    if (this.#waiting === null) this.#take(message);
    else if (this.#waiting.length < MOST_WAITING / 100) this.#waiting.push(message);
    // Too much waits: forget it all. The rest of this stretch is fetched like any other gap.
    else this.#restart(message.to);
  }

  /** Fetches what is new without a socket. Rejects when the server does not answer. */
  async poll() {
    const turn = this.#turn;
    await this.#fetchOnce(() => turn === this.#turn);
    if (turn === this.#turn) this.status.polled();
  }

  #restart(from) {
    const room = this.#room;
    this.begin({ room, from });
  }

  /** Fetches all that lies behind the cursor, or only the newest rows when that would be too much. */
  async #fetchOnce(isWanted) {
    for (let page = 0; page < MOST_PAGES && this.#cursor !== null; page += 1) {
      const found = await this.#get({ since: this.#cursor });
      if (!isWanted()) return;
      this.#take(found);
      if (!found.more) return;
    }
    const newest = await this.#get({});
    if (!isWanted()) return;
    this.#cursor = newest.to;
    this.handler({ rows: newest.rows, to: newest.to, isReset: true });
  }

  #get(place) {
    return askJson(`/admin/live/rows?${new URLSearchParams({ stream: this.stream, ...this.filters, ...place })}`);
  }

  #take({ rows, to }) {
    const cursor = this.#cursor ?? 0;
    const fresh = rows.filter((row) => row.id > cursor);
    this.#cursor = Math.max(cursor, to);
    if (fresh.length) this.handler({ rows: fresh, to: this.#cursor, isReset: false });
  }
}
