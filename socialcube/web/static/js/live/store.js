// The rows that the page keeps: the newest ones, each once, in the order in which they came.

export const MOST_ROWS = 10_000;
const SPARE = 1_000;

export const keyOf = (line) => `${line.stream}:${line.id}`;

export class Store {
  #waiting = [];
  #keys;

  /** @param lines what the server wrote into the page */
  constructor(lines) {
    this.lines = lines;
    this.isPaused = false;
    /** Rows that were dropped at the old end, ever: places on the page move by so many. */
    this.dropped = 0;
    this.#keys = new Set(lines.map(keyOf));
  }

  get waiting() {
    return this.#waiting.length;
  }

  add(lines) {
    if (this.isPaused) {
      this.#waiting.push(...lines);
      if (this.#waiting.length > MOST_ROWS) this.#waiting.splice(0, this.#waiting.length - MOST_ROWS);
      return;
    }
    this.#append(lines);
  }

  /** Lets rows wait, or lets those in that waited. */
  pause(isPaused) {
    this.isPaused = isPaused;
    if (!isPaused) this.#append(this.#waiting.splice(0));
  }

  /** Puts the newest rows of a stream in place of all its rows. Tells whether there were others. */
  reset(stream, lines) {
    const others = this.lines.filter((line) => line.stream !== stream);
    const had = others.length < this.lines.length;
    this.#waiting = this.#waiting.filter((line) => line.stream !== stream);
    const all = [...others, ...lines].sort((one, other) => one.at.localeCompare(other.at));
    this.clear();
    this.#append(all);
    return had;
  }

  clear() {
    this.lines = [];
    this.#keys.clear();
  }

  indexOf(key) {
    return this.lines.findIndex((line) => keyOf(line) === key);
  }

  #append(lines) {
    for (const line of lines) {
      const key = keyOf(line);
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      this.lines.push(line);
    }
    // Dropping in portions keeps this cheap at a thousand rows a second.
    if (this.lines.length > MOST_ROWS + SPARE) {
      const gone = this.lines.splice(0, this.lines.length - MOST_ROWS);
      for (const line of gone) this.#keys.delete(keyOf(line));
      this.dropped += gone.length;
    }
  }
}
