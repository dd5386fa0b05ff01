// How late the page is, in one word and one number.

const LATE_SECONDS = 5;

export class Status {
  #listeners = [];
  #state = 'delayed';
  #delay = 0;
  #heardAt = performance.now();
  #isSaid = false;
  #quickest = Infinity;

  listen(listener) {
    this.#listeners.push(listener);
    if (this.#isSaid) listener(this.#now());
  }

  connected() {
    this.#quickest = Infinity;
    this.#become('live', 0);
  }

  /** The socket is gone, and silent for so long already: the delay grows until something is heard again. */
  lost(silentMs = 0) {
    if (this.#state === 'live') this.#heardAt = performance.now() - silentMs;
    this.#become('delayed', 0);
  }

  /** News came, and was so many seconds old. */
  heard(seconds) {
    this.#heardAt = performance.now();
    this.#become(seconds > LATE_SECONDS ? 'delayed' : 'live', seconds);
  }

  /**
   * Rows came: they were `delay` seconds old when the server sent them, at `sent` by its own clock.
   *
   * What a message took longer than the quickest one, it spent on the way or waiting for a page with too much to do.
   */
  heardRows({ delay, sent }) {
    const took = performance.now() / 1000 - sent;
    this.#quickest = Math.min(this.#quickest, took);
    this.heard(delay + took - this.#quickest);
  }

  /** News was fetched without a socket. */
  polled() {
    this.#heardAt = performance.now();
    this.#become('delayed', 0);
  }

  /** The server itself cannot read since so many seconds. */
  late(seconds) {
    this.#heardAt = performance.now() - seconds * 1000;
    this.#become('delayed', 0);
  }

  ended() {
    this.#become('ended', 0);
  }

  tick() {
    if (this.#state === 'delayed') this.#say();
  }

  #become(state, delay) {
    if (this.#state === 'ended') return;
    this.#state = state;
    this.#delay = delay;
    this.#say();
  }

  #now() {
    const since = (performance.now() - this.#heardAt) / 1000;
    return { state: this.#state, delaySeconds: this.#state === 'delayed' ? Math.max(since, this.#delay) : this.#delay };
  }

  #say() {
    this.#isSaid = true;
    for (const listener of this.#listeners) listener(this.#now());
  }
}
