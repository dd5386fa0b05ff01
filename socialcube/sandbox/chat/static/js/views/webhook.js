/**
 * The address at which programs may write into a channel: for trying out alerts.
 * @module views/webhook
 */
import { fetchWebhook } from '../api.js';
import { fill, h, icon, iconButton } from '../dom.js';
import { openChannel } from '../store.js';

/**
 * Makes the button that shows it. Only those who manage the server see it.
 * @param {ReturnType<import('../store.js').createStore>} store
 */
export function webhookButton(store) {
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'webhook-title' });
  const button = iconButton('link', 'Webhook of this channel', () => show(store, dialog));
  store.watch(['guilds', 'guildId', 'channelId'], (state) => {
    button.hidden = !openChannel(state)?.managed;
  });
  return [button, dialog];
}

async function show(store, dialog) {
  const state = store.get();
  const channel = openChannel(state);
  const title = h('h2', { id: 'webhook-title' }, `Webhook of #${channel.name}`);
  const close = h('button', { type: 'button', class: 'button', on: { click: () => dialog.close() } }, 'Close');
  fill(dialog, title, h('p', { class: 'hint' }, 'Getting its address…'), h('div', { class: 'dialog-actions' }, close));
  dialog.showModal();
  try {
    const { url } = await fetchWebhook(state.me.id, channel.id);
    fill(dialog, title, ...shown(url, close));
    dialog.querySelector('input').select();
  } catch (error) {
    fill(dialog, title, h('p', { role: 'alert' }, error.message), h('div', { class: 'dialog-actions' }, close));
  }
}

function shown(url, close) {
  const field = h('input', { type: 'text', class: 'input', readonly: true, value: url, 'aria-label': 'Address of the webhook' });
  const done = h('span', { class: 'hint', role: 'status' });
  const copy = h('button', { type: 'button', class: 'button primary', on: { click: () => copyFrom(field, done) } }, icon('link'), 'Copy the address');
  return [
    h('p', {}, 'Whoever has this address can write here. Paste it in the panel where alerts ask for a Discord webhook, and they appear in this channel.'),
    field, h('div', { class: 'dialog-actions' }, done, close, copy),
  ];
}

async function copyFrom(field, done) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    fill(done, 'Copied');
  } catch {
    fill(done, 'Press Ctrl+C to copy');
  }
}
