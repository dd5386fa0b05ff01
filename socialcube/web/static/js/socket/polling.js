// Fetching over HTTP while there is no socket: each second, and less often while nobody answers.

import { Backoff } from './backoff.js';

const EVERY_MS = 1000;

export class Polling {
  #backoff = new Backoff(2 * EVERY_MS);
  #isAsking = false;
  #notBefore = 0;

  /** Asks soon again, whatever failed before. */
  hurry() {
    this.#backoff.reset();
    this.#notBefore = 0;
  }

  /** Lets each watch fetch what is new, when it is time. Called every second. */
  async tick(watches) {
    if (this.#isAsking || performance.now() < this.#notBefore) return;
    this.#isAsking = true;
    const answers = await Promise.allSettled(watches.map((watch) => watch.poll()));
    this.#isAsking = false;
    // What failed is asked for again; the page's status tells how old it is meanwhile.
    if (answers.some(({ status }) => status === 'rejected')) this.#notBefore = performance.now() + this.#backoff.next();
    else this.#backoff.reset();
  }
}
