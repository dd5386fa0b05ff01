// One object for each thing that a page watches. It knows how to go on after a gap, with a socket or without.

import { askJson } from './asking.js';
import { RowsWatch } from './rows.js';

const SLOW_POLL_MS = 5000;

export function makeWatch(topic, handler, options, status) {
  const [kind, subject] = topic.split(':', 2);
  const watch = { rows: RowsWatch, bots: BotsWatch, job: JobWatch, figures: FiguresWatch }[kind];
  if (!watch) throw new Error(`nothing can be watched as ${topic}`);
  return new watch(topic, subject, handler, options, status);
}

class PlainWatch {
  filters = {};
  #polledAt = -Infinity;

  constructor(topic, subject, handler, options, status) {
    Object.assign(this, { topic, subject, handler, options, status });
  }

  pause() {}

  stop() {
    this.handler = () => {};
  }

  refuse(message) {
    this.options.onRefused?.(message);
  }

  /** Fetches what is new without a socket, where it is time. Rejects when the server does not answer. */
  async poll() {
    const now = performance.now();
    if (now - this.#polledAt < this.pollMs) return;
    await this.fetch();
    this.#polledAt = now;
    this.status.polled();
  }
}

class BotsWatch extends PlainWatch {
  pollMs = SLOW_POLL_MS;

  begin({ bots }) {
    this.handler(bots);
  }

  onBots({ bots }) {
    this.handler(bots);
  }

  async fetch() {
    this.handler((await askJson('/admin/live/bots')).bots);
  }
}

class JobWatch extends PlainWatch {
  pollMs = 1000;

  begin({ job }) {
    this.handler(job);
  }

  onJob(job) {
    if (job.job_id === this.subject) this.handler(job);
  }

  async fetch() {
    this.handler(await askJson(`/admin/live/jobs/${encodeURIComponent(this.subject)}`));
  }
}

class FiguresWatch extends PlainWatch {
  pollMs = 2 * SLOW_POLL_MS;

  begin() {
    this.handler();
  }

  onFigures() {
    this.handler();
  }

  async fetch() {
    this.handler();
  }
}
