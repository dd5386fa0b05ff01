// Keeps the draft saved while its author types, and does what the editor's buttons say.

import { bodyOf, forget, keep, recall } from './kept.js';
import { postBody, postForm, takeOver } from './page.js';
import { openPlaces, reopenPlace } from './steps.js';
import { toast } from '../shell/toast.js';

const PAUSE_MS = 600;
const RETRY_MS = 5000;

/** Saves one editor. One request is under way at a time; what is typed meanwhile follows. */
export class Drafts {
  #timer = 0;
  #busy = null;
  #dirty = false;
  #hasFailed = false;

  /** @param {() => void} onDrawn called whenever parts of the page were exchanged. */
  constructor(onDrawn) {
    this.onDrawn = onDrawn;
  }

  get form() {
    return document.querySelector('[data-editor]');
  }

  /** Notes a change; it is saved after a short pause. */
  touch() {
    this.#dirty = true;
    this.#say('Saving…');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Saves what is not saved yet. Resolves once the server has it, or refused it. */
  async flush() {
    clearTimeout(this.#timer);
    await this.#settle();
    if (this.#dirty) await this.#send(null);
  }

  get isDirty() {
    return this.#dirty || this.#busy !== null;
  }

  /** Sends what is not saved yet while the page goes away; nobody waits for the answer. */
  leave() {
    if (this.isDirty && this.form && !this.#sendAtLast()) keep(this.form);
    this.#dirty = false;
  }

  /** Tells whether the browser took it: 64 KB at most, and what failed before may fail again unseen. */
  #sendAtLast() {
    return this.#busy === null && !this.#hasFailed && navigator.sendBeacon(this.form.action, bodyOf(this.form));
  }

  /** Saves what an earlier page of this tab could not. */
  async resume() {
    const body = this.form && recall(this.form);
    if (!body) return;
    // What is typed before the kept words are here would be exchanged for them.
    this.form.inert = true;
    this.#busy = postBody(this.form.action, body);
    try {
      const answer = await this.#busy;
      const open = openPlaces();
      this.#take(answer, {});
      open.forEach(reopenPlace);
      if (this.form) this.form.inert = false;
    } catch (error) {
      this.#say(error.message, 'warn');
      setTimeout(() => this.resume(), RETRY_MS);
    } finally {
      this.#busy = null;
    }
  }

  /** Does what a button says; the editor is drawn anew. */
  async press(button) {
    clearTimeout(this.#timer);
    await this.#settle();
    await this.#send(button);
  }

  /** Waits for what is under way, however it ends. */
  async #settle() {
    while (this.#busy) await this.#busy.catch(() => null);
  }

  async #send(button) {
    this.#dirty = false;
    this.#busy = postForm(this.form, button);
    try {
      this.#take(await this.#busy, button);
      this.#hasFailed = false;
    } catch (error) {
      this.#dirty = true;
      this.#hasFailed = true;
      this.#say(error.message, 'warn');
      this.#timer = setTimeout(() => this.flush(), RETRY_MS);
    } finally {
      this.#busy = null;
    }
  }

  #take(answer, button) {
    if (answer.refusal) {
      this.#say('Not saved', 'warn');
      toast(answer.refusal, 'bad');
      return;
    }
    // It is saved, or stands beside what somebody else wrote.
    forget(this.form);
    if (!answer.document.querySelector('[data-editor]')) {
      this.#showClash(answer.document);
      return;
    }
    // Inputs that somebody types into stay as they are; only what stands around them is exchanged.
    takeOver(answer.document, button ? {} : { except: ['middle', 'trial', 'try-options'] });
    if (!button) takeOver(answer.document, { only: ['try-options'] });
    this.form.elements.edit.value = answer.document.querySelector('[data-editor]').elements.edit.value;
    this.#mark();
    if (button) this.#show(answer);
    this.onDrawn();
  }

  /** Lets fields say by themselves whether something is wrong with them. */
  #mark() {
    for (const slot of this.form.querySelectorAll('.err')) {
      const field = this.form.elements[slot.id.slice('err-'.length)];
      if (field instanceof HTMLElement) field.toggleAttribute('aria-invalid', slot.textContent.trim() !== '');
    }
  }

  /** Brings what the button was about into view, and the focus with it. */
  #show(answer) {
    const place = new URL(answer.address).searchParams.get('open');
    const shown = place && document.querySelector(`[data-place="${CSS.escape(place)}"] > summary`);
    const target = shown ?? (place && document.getElementById(place)?.querySelector('input, textarea, select'));
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
  }

  #showClash(fresh) {
    document.querySelector('main').replaceWith(document.importNode(fresh.querySelector('main'), true));
    document.querySelector('main h1')?.scrollIntoView();
    document.querySelector('form.clash input[type=radio]')?.focus();
  }

  #say(words, tone = 'muted') {
    const place = document.querySelector('[data-live="saved"]');
    if (!place) return;
    const text = document.createElement('span');
    text.className = tone === 'muted' ? 'muted' : `state ${tone}`;
    text.textContent = words;
    place.replaceChildren(text);
  }
}
