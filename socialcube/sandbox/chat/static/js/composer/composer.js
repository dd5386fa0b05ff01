/**
 * Where one writes: text goes out as a message, a slash opens the commands.
 * @module composer/composer
 */
import { h, fill } from '../dom.js';
import { openChannel, openGuild } from '../store.js';
import { noCommands } from '../views/empty.js';
import { makeCommandForm } from './commandform.js';
import { listEntries } from './commands.js';
import { writeMentions } from './mentions.js';
import { makePicker } from './picker.js';

const LONGEST = 2000;
const COUNT_FROM = 1800;
const MOST_ROWS = 8;
const COARSE = matchMedia('(pointer: coarse)');
const NARROW = matchMedia('(max-width: 760px)');

/**
 * @param {ReturnType<import('../store.js').createStore>} store
 * @param {{sendMessage: (text: string) => Promise<void>, runCommand: (entry: object, options: object[]) => Promise<void>}} actions
 */
export function mountComposer(store, actions) {
  const input = h('textarea', { id: 'message', rows: '1', autocomplete: 'off', enterkeyhint: 'send' });
  const label = h('label', { class: 'visually-hidden', for: 'message' });
  const count = h('span', { class: 'count', role: 'status' });
  const error = h('p', { class: 'composer-error', role: 'alert' });
  const picker = makePicker(input, pick);
  const write = h('button', { type: 'submit', class: 'button primary send' }, 'Send');
  const form = h('form', { class: 'write' }, label, input, count, write);
  const slot = h('div', { class: 'command-slot' });
  const bar = h('div', { class: 'composer' }, picker.element, picker.count, error, slot, form);

  function refresh() {
    const text = input.value;
    input.rows = Math.min(MOST_ROWS, text.split('\n').length);
    count.textContent = text.length > COUNT_FROM ? String(LONGEST - text.length) : '';
    count.classList.toggle('over', text.length > LONGEST);
    error.textContent = '';
    const state = store.get();
    if (/^\/[^\n]*$/.test(text)) picker.open(listEntries(openGuild(state)), text.slice(1), noCommands(state));
    else picker.close();
  }

  function pick(entry) {
    picker.close();
    const commandForm = makeCommandForm(entry, openGuild(store.get()), {
      onCancel: () => leaveCommand(true),
      onSend: (options) => attempt(async () => {
        await actions.runCommand(entry, options);
        leaveCommand(true);
      }),
    });
    input.value = '';
    error.textContent = '';
    form.hidden = true;
    fill(slot, commandForm.element);
    commandForm.focus();
  }

  function leaveCommand(focus) {
    fill(slot);
    form.hidden = false;
    if (focus) input.focus();
  }

  async function send() {
    const text = input.value.trim();
    if (!text) return;
    if (text.length > LONGEST) {
      error.textContent = `A message has at most ${LONGEST} characters; this one has ${text.length}.`;
      return;
    }
    input.value = '';
    refresh();
    const sent = await attempt(() => actions.sendMessage(writeMentions(text, openGuild(store.get()))));
    if (!sent && !input.value) input.value = text;
  }

  /** Runs an action; a failure is told above the field. */
  async function attempt(action) {
    error.textContent = '';
    try {
      await action();
      return true;
    } catch (failure) {
      error.textContent = failure.message;
      return false;
    }
  }

  input.addEventListener('input', refresh);
  input.addEventListener('keydown', (event) => onKey(event, picker, pick, () => form.requestSubmit()));
  input.addEventListener('blur', () => picker.close());
  input.addEventListener('focus', refresh);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  store.watch(['channelId', 'guildId', 'me', 'guilds'], (state) => {
    const channel = openChannel(state);
    bar.hidden = !channel?.readable;
    input.disabled = !channel?.writable;
    input.placeholder = placeholder(channel);
    label.textContent = `Message #${channel?.name ?? ''}`;
    if (picker.isOpen) refresh();
  });
  const drafts = new Map();
  let channelId = '';
  store.watch(['channelId', 'me'], (state) => {
    drafts.set(channelId, input.value);
    channelId = state.channelId;
    input.value = drafts.get(channelId) ?? '';
    leaveCommand(false);
    refresh();
    // Who has just come in can type at once; on a phone that would bring up the keyboard.
    if (channelId && document.activeElement === document.body && !COARSE.matches) input.focus();
  });
  return bar;
}

/** The hint at the slash needs more room than a phone has. */
function placeholder(channel) {
  if (channel?.writable === false) return 'You may read here, but not write';
  const name = `Message #${channel?.name ?? ''}`;
  return NARROW.matches ? name : `${name}, or / for commands`;
}

/** @param {KeyboardEvent} event */
function onKey(event, picker, pick, send) {
  if (event.isComposing) return;
  const { current } = picker;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (picker.isOpen && event.key in steps) picker.move(steps[event.key]);
  else if (event.key === 'Escape' && picker.isOpen) picker.close();
  else if (current && !event.shiftKey && (event.key === 'Enter' || event.key === 'Tab')) pick(current);
  else if (current && event.key === ' ' && event.target.value.slice(1) === current.name) pick(current);
  else if (event.key === 'Enter' && !event.shiftKey) send();
  else return;
  event.preventDefault();
}
