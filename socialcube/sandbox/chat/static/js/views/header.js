/**
 * The bar above the log, and the line that says when the page is not live.
 * @module views/header
 */
import { fill, h, icon, iconButton } from '../dom.js';
import { openChannel } from '../store.js';
import { webhookButton } from './webhook.js';

/**
 * @param {ReturnType<import('../store.js').createStore>} store
 * @param {object} actions
 */
export function mountHeader(store, actions) {
  const title = h('h1', { class: 'channel-title' });
  const topic = h('p', { class: 'topic' });
  const nav = iconButton('menu', 'Servers and channels', () => actions.toggleDrawer('nav'), { class: 'icon-button nav-toggle' });
  const members = iconButton('users', 'Members', () => actions.toggleDrawer('members'), { class: 'icon-button members-toggle' });
  store.watch(['guilds', 'guildId', 'channelId', 'me'], (state) => {
    const channel = openChannel(state);
    fill(title, channel ? [icon('hash'), channel.name] : 'Sandbox chat');
    fill(topic, channel?.topic ?? '');
    topic.title = channel?.topic ?? '';
    document.title = channel ? `#${channel.name} as ${state.me.name} · Sandbox chat` : 'Sandbox chat · Social Cube';
  });
  store.watch(['drawer'], ({ drawer }) => {
    nav.setAttribute('aria-expanded', String(drawer === 'nav'));
    members.setAttribute('aria-expanded', String(drawer === 'members'));
  });
  return h('header', { class: 'pane-head main-head' }, nav, title, topic,
    h('span', { class: 'sandbox-badge', title: 'Nothing here reaches the real service' }, 'Sandbox'),
    ...webhookButton(store), members);
}

/**
 * Fills the status line of the page.
 * @param {ReturnType<import('../store.js').createStore>} store
 * @param {HTMLElement} line
 */
export function mountStatus(store, line) {
  store.watch(['connection', 'me'], ({ connection, me }) => {
    const text = { connecting: 'Connecting…', lost: 'Connection lost. Connecting again…', live: '' }[connection];
    fill(line, me ? text : '');
    document.body.dataset.connection = me ? connection : 'none';
  });
}
