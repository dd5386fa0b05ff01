// Growing pauses with jitter, so that a thousand pages do not come back in the same moment.

const FIRST_MS = 250;
const MOST_MS = 15_000;

export class Backoff {
  #first;
  #pause;

  constructor(firstMs = FIRST_MS) {
    this.#first = firstMs;
    this.#pause = firstMs;
  }

  reset() {
    this.#pause = this.#first;
  }

  /** Gives the next pause in milliseconds. */
  next() {
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, MOST_MS);
    return pause / 2 + Math.random() * (pause / 2);
  }
}
