// The one live connection of a page. Pages say `connect().watch(topic, handler, options)` and forget the rest:
// tickets, reconnecting, what was missed meanwhile, and fetching over HTTP while there is no socket.

import { io } from '../vendor/socket.io/socket.io.esm.min.js';
import { RefusedError } from './shell/http.js';
import { askTicket, endDeadConnections } from './socket/asking.js';
import { Backoff } from './socket/backoff.js';
import { Polling } from './socket/polling.js';
import { makeWatch } from './socket/watches.js';
import { Status } from './socket/status.js';

const TICK_MS = 1000;
const CONNECT_MS = 5000;
// The server says something every five seconds. After a sleep, or in another network, the socket still looks open.
const SILENT_MS = 8000;
// The page's own token is refused when somebody signed out, or in again, in another tab.
const SIGNED_OUT = [400, 401, 403];

let shared = null;

/** Gives the page's connection and opens it at the first call. */
export function connect() {
  shared ??= new Live();
  return shared;
}

class Live {
  #watches = new Map();
  #socket = null;
  #attempt = 0;
  #isPolling = false;
  #isEnded = false;
  #backoff = new Backoff();
  #polling = new Polling();
  #status = new Status();
  #heardAt = Date.now();
  #number = 0;

  constructor() {
    setInterval(() => this.#tick(), TICK_MS);
    addEventListener('online', () => this.#reopen());
    document.addEventListener('visibilitychange', () => document.hidden || this.#hurry());
    // A page that comes back from the browser's cache has a dead socket.
    addEventListener('pageshow', (event) => event.persisted && this.#reopen());
    this.#open();
  }

  /**
   * Calls `handler` with what is new on a topic.
   *
   * - `bots`: a list of states, `{bot_id, word, tone, sentence, …}`; one that was deleted has `gone`.
   * - `job:<id>`: `{job_id, state, progress, problem, result}`.
   * - `figures`: nothing; fetch them again.
   * - `rows:<stream>`: `{rows, to, isReset}`; a reset replaces all that was shown. Options: `since`, the last id
   *   shown already, and `filters`, as in the page's address.
   *
   * `options.onRefused(message)` is called when the topic may not be seen (any more).
   */
  watch(topic, handler, options = {}) {
    const name = `w${(this.#number += 1)}`;
    const watch = makeWatch(topic, handler, options, this.#status);
    this.#watches.set(name, watch);
    if (this.#socket?.connected) this.#begin(name, watch);
    return {
      stop: () => {
        watch.stop();
        this.#watches.delete(name);
        if (this.#socket?.connected) this.#socket.emit('unwatch', name);
      },
    };
  }

  /** Calls back with `{state, delaySeconds}`: state is `live`, `delayed` or `ended` (signed out). */
  onStatus(listener) {
    this.#status.listen(listener);
  }

  async #open({ isStale = false } = {}) {
    const attempt = (this.#attempt += 1);
    if (isStale) await endDeadConnections();
    if (attempt !== this.#attempt) return;
    try {
      const answer = await askTicket();
      if (attempt !== this.#attempt) return;
      // Whoever is signed out is led to the sign-in page, which answers well and is no ticket.
      if (answer?.ticket) this.#dial(attempt, answer.ticket);
      else this.#end();
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (error instanceof RefusedError && SIGNED_OUT.includes(error.status)) this.#end();
      else this.#retry(attempt, { isPolling: true });
    }
  }

  #dial(attempt, ticket) {
    const socket = io({
      transports: ['websocket'],
      auth: { ticket },
      // Each connection needs a ticket of its own, so the library must not reconnect by itself.
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_MS,
    });
    this.#socket = socket;
    // Timers sleep where nobody looks, and the clock may be set: only what is heard tells that the socket lives.
    const hear = () => { this.#heardAt = Date.now(); };
    hear();
    socket.io.on('ping', hear);
    socket.onAny(hear);
    socket.on('connect', () => this.#onConnect());
    socket.on('connect_error', () => this.#retry(attempt, { isPolling: true }));
    socket.on('disconnect', () => this.#retry(attempt, { isPolling: false }));
    socket.on('rows', (message) => this.#each((watch) => watch.onRows?.(message)));
    socket.on('bots', (message) => this.#each((watch) => watch.onBots?.(message)));
    socket.on('job', (message) => this.#each((watch) => watch.onJob?.(message)));
    socket.on('figures', () => this.#each((watch) => watch.onFigures?.()));
    socket.on('late', ({ seconds }) => this.#status.late(seconds));
    socket.on('again', ({ watch }) => this.#watches.has(watch) && this.#begin(watch, this.#watches.get(watch)));
  }

  #onConnect() {
    this.#isPolling = false;
    this.#backoff.reset();
    this.#status.connected();
    for (const [name, watch] of this.#watches) this.#begin(name, watch);
  }

  async #begin(name, watch) {
    const socket = this.#socket;
    const asked = performance.now();
    watch.pause();
    let answer;
    try {
      answer = await socket.timeout(CONNECT_MS).emitWithAck('watch', { watch: name, topic: watch.topic, options: watch.filters });
    } catch {
      if (socket === this.#socket) this.#retry(this.#attempt, { isPolling: true });
      return;
    }
    if (socket !== this.#socket || this.#watches.get(name) !== watch) return;
    if (answer.error) {
      watch.refuse(answer.error.message);
      return;
    }
    this.#status.heard((performance.now() - asked) / 1000);
    watch.begin(answer.ok);
  }

  #retry(attempt, { isPolling }) {
    if (attempt !== this.#attempt || this.#isEnded) return;
    this.#hangUp();
    this.#status.lost();
    this.#isPolling ||= isPolling;
    const next = (this.#attempt += 1);
    setTimeout(() => next === this.#attempt && this.#open(), this.#backoff.next());
  }

  #reopen() {
    if (this.#isEnded) return;
    this.#hangUp();
    this.#status.lost(this.#silentMs());
    this.#backoff.reset();
    this.#polling.hurry();
    this.#open({ isStale: this.#silentMs() > SILENT_MS });
  }

  /** Somebody looks again: what is due later is done now. */
  #hurry() {
    if (!this.#socket?.connected || this.#silentMs() > SILENT_MS) this.#reopen();
  }

  #silentMs() {
    // A clock that was set back says nothing about the silence, and so counts as one.
    return Math.abs(Date.now() - this.#heardAt);
  }

  #hangUp() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.off();
    socket?.offAny();
    socket?.disconnect();
    this.#each((watch) => watch.pause());
  }

  #end() {
    this.#isEnded = true;
    this.#isPolling = false;
    this.#hangUp();
    this.#status.ended();
  }

  #tick() {
    if (this.#socket?.connected && this.#silentMs() > SILENT_MS) this.#reopen();
    if (this.#isPolling) this.#polling.tick([...this.#watches.values()]);
    this.#status.tick();
  }

  #each(call) {
    for (const watch of this.#watches.values()) call(watch);
  }
}
