/**
 * Turns parsed markdown into DOM nodes.
 * @module markdown/render
 */
import { h } from '../dom.js';
import { exactTime, markTime } from '../time.js';
import { parseBlocks } from './blocks.js';
import { parseInline } from './inline.js';

const TAGS = { strong: 'strong', em: 'em', u: 'u', s: 's' };
const ONLY_EMOJI = /^(?:[\p{Extended_Pictographic}\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\u200D\uFE0F\s]){1,60}$/u;

/**
 * The names behind the ids of mentions.
 * @typedef {object} Names
 * @property {string} me the reader's id; a mention of them is marked
 * @property {(id: string) => string | undefined} user
 * @property {(id: string) => {name: string, color: number} | undefined} role
 * @property {(id: string) => string | undefined} channel
 */

/**
 * Renders a whole message.
 * @param {string} text
 * @param {Names} names
 * @returns {HTMLElement[]}
 */
export function renderMarkdown(text, names) {
  const large = ONLY_EMOJI.test(text) && text.trim() !== '';
  return parseBlocks(text).map((block) => renderBlock(block, names, large));
}

/**
 * Renders one line, for titles and names.
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function renderInline(text, names) {
  return parseInline(text).map((node) => renderNode(node, names));
}

function renderBlock(block, names, large = false) {
  const inside = (children) => children.map((node) => renderNode(node, names));
  switch (block.type) {
    // Levels start at 3, below the page's title and the channel's name.
    case 'heading': return h(`h${block.level + 2}`, { class: 'md-heading' }, inside(block.children));
    case 'subtext': return h('p', { class: 'md-subtext' }, inside(block.children));
    case 'quote': return h('blockquote', {}, block.blocks.map((inner) => renderBlock(inner, names)));
    case 'pre': return h('pre', { tabindex: '0', 'aria-label': block.language || 'code' }, h('code', {}, block.text));
    case 'list': return renderList(block, inside);
    default: return h('p', { class: large && 'md-large' }, inside(block.children));
  }
}

function renderList(block, inside) {
  const items = block.items.map((item) => h('li', {}, inside(item.children), item.nested && renderList(item.nested, inside)));
  return block.ordered ? h('ol', { start: block.start }, items) : h('ul', {}, items);
}

function renderNode(node, names) {
  const children = () => node.children.map((child) => renderNode(child, names));
  if (TAGS[node.type]) return h(TAGS[node.type], {}, children());
  switch (node.type) {
    case 'text': return document.createTextNode(node.text);
    case 'code': return h('code', {}, node.text);
    case 'link': return h('a', { href: node.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, children());
    case 'spoiler': return renderSpoiler(children());
    case 'mention': return renderMention(node, names);
    case 'time': return renderTime(node);
    default: return h('span', { class: 'md-emoji' }, node.text);
  }
}

function renderSpoiler(children) {
  const cover = h('span', { class: 'spoiler', role: 'button', tabindex: '0', 'aria-label': 'Spoiler, press to show' });
  const hidden = h('span', { 'aria-hidden': 'true', inert: true }, children);
  const show = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    if (cover.classList.contains('shown')) return;
    event.preventDefault();
    cover.classList.add('shown');
    for (const name of ['role', 'tabindex', 'aria-label']) cover.removeAttribute(name);
    for (const name of ['aria-hidden', 'inert']) hidden.removeAttribute(name);
  };
  cover.addEventListener('click', show);
  cover.addEventListener('keydown', show);
  cover.append(hidden);
  return cover;
}

function renderMention(node, names) {
  const text = {
    user: () => `@${names.user(node.id) ?? 'unknown-user'}`,
    role: () => `@${names.role(node.id)?.name ?? 'unknown-role'}`,
    channel: () => `#${names.channel(node.id) ?? 'unknown-channel'}`,
  }[node.kind]?.() ?? node.text;
  const mine = node.kind === 'everyone' || node.id === names.me;
  const element = h('span', { class: mine ? 'mention mine' : 'mention' }, text);
  const color = node.kind === 'role' ? names.role(node.id)?.color : 0;
  if (color) element.style.setProperty('--dot', `#${color.toString(16).padStart(6, '0')}`);
  return element;
}

function renderTime(node) {
  const date = new Date(node.seconds * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(`<t:${node.seconds}>`);
  const props = { datetime: date.toISOString(), title: exactTime(date), class: 'md-time' };
  return h('time', props, markTime(date, node.style));
}
