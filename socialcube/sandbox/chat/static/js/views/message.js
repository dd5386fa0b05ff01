/**
 * One message of the log.
 * @module views/message
 */
import { avatar, kindOf } from '../avatar.js';
import { h, icon } from '../dom.js';
import { safeHref } from '../markdown/links.js';
import { renderMarkdown } from '../markdown/render.js';
import { authorOf, mentionsMe, namesOf } from '../names.js';
import { clockTime, exactTime, messageTime } from '../time.js';
import { renderEmbed } from './embed.js';

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const BUTTON = 2;
const LINK = 5;

/** @param {object} message */
export const isEphemeral = (message) => Boolean((message.flags ?? 0) & EPHEMERAL);

/** @param {object} message */
const isThinking = (message) => Boolean((message.flags ?? 0) & LOADING);

/**
 * @param {object} message as the API gives it
 * @param {boolean} grouped whether it continues the message above
 * @param {import('../store.js').State} state
 * @param {{dismiss: (id: string) => void, click: (message: object, button: string) => Promise<void>}} actions
 */
export function renderMessage(message, grouped, state, actions) {
  const author = authorOf(state, message.author);
  const date = new Date(message.timestamp);
  const classes = ['message', grouped && 'grouped', isEphemeral(message) && 'ephemeral', mentionsMe(state, message) && 'mentions-me'];
  return h('article', { class: classes.filter(Boolean).join(' '), data: { id: message.id } },
    usedLine(message, state) ?? replyLine(message, state),
    grouped ? h('time', { class: 'gutter', datetime: message.timestamp, title: exactTime(date) }, clockTime(date)) : avatar(author, kindOf(author)),
    h('div', { class: 'content' },
      h('header', { class: grouped ? 'byline visually-hidden' : 'byline' }, byline(author, date, message.timestamp)),
      isThinking(message) ? thinking(author) : renderBody(message, state, actions),
      isEphemeral(message) && ephemeralFoot(() => actions.dismiss(message.id))));
}

/** The name, tag and time above a message. */
export function byline(author, date, iso) {
  const name = h('span', { class: 'author' }, author.name);
  if (author.color) name.style.setProperty('--role', `#${author.color.toString(16).padStart(6, '0')}`);
  if (author.color) name.classList.add('colored');
  return [name, author.bot && h('span', { class: 'bot-tag' }, 'BOT'),
    h('time', { datetime: iso, title: exactTime(date) }, messageTime(date))];
}

/** The line above an answer: who used which command. */
export function usedBy(person, command) {
  return h('p', { class: 'context used' }, avatar(person, 'person'), h('b', {}, person.name), ' used ', h('span', { class: 'command' }, `/${command}`));
}

/** "Only you can see this", with the button that takes it away. */
export function ephemeralFoot(onDismiss) {
  return h('p', { class: 'only-you' }, icon('eye'), 'Only you can see this · ',
    h('button', { type: 'button', class: 'link', on: { click: onDismiss } }, 'Dismiss message'));
}

/** The moving dots of somebody at work. */
export function dots() {
  return h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
}

function thinking(author) {
  return h('p', { class: 'thinking' }, dots(), `${author.name} is thinking…`);
}

function usedLine(message, state) {
  const used = message.interaction ?? message.interaction_metadata;
  if (!used?.user || !used.name) return null;
  return usedBy(authorOf(state, used.user), used.name);
}

function replyLine(message, state) {
  if (!message.message_reference || message.type !== 19) return null;
  const original = message.referenced_message;
  if (!original) return h('p', { class: 'context reply' }, 'Original message was deleted');
  const author = authorOf(state, original.author);
  return h('p', { class: 'context reply' }, avatar(author, kindOf(author)), h('b', {}, author.name), ' ',
    h('span', {}, preview(original.content, namesOf(state)) || 'A card'));
}

/** A message in one line, without its styles and without what spoilers hide. */
function preview(text, names) {
  const line = h('div', {}, renderMarkdown(text, names));
  for (const spoiler of line.querySelectorAll('.spoiler')) spoiler.textContent = '▒▒▒';
  return [...line.children].map((block) => block.textContent).join(' ');
}

function renderBody(message, state, actions) {
  const names = namesOf(state);
  return [
    message.content && h('div', { class: 'markdown' }, renderMarkdown(message.content, names)),
    message.edited_timestamp && h('time', { class: 'edited', datetime: message.edited_timestamp, title: exactTime(new Date(message.edited_timestamp)) }, '(edited)'),
    (message.embeds ?? []).map((embed) => renderEmbed(embed, names)),
    (message.attachments ?? []).map(renderAttachment),
    (message.components ?? []).map((row) => renderRow(row, message, actions)),
  ];
}

function renderAttachment(file) {
  const href = safeHref(new URL(file.url, location.origin).href);
  return href && h('a', { class: 'embed-link', href, target: '_blank', rel: 'noopener noreferrer' }, icon('image'), h('span', {}, file.filename));
}

/** Buttons below a message; menus and forms are not drawn. */
function renderRow(row, message, actions) {
  return h('div', { class: 'buttons' }, (row.components ?? []).filter((part) => part.type === BUTTON).map((button) => {
    const href = button.style === LINK && safeHref(button.url ?? '');
    const label = button.label ?? button.emoji?.name ?? 'Button';
    if (href) return h('a', { class: 'button', href, target: '_blank', rel: 'noopener noreferrer nofollow' }, label, icon('external'));
    const press = () => actions.click(message, button.custom_id).catch(() => {});
    return h('button', { type: 'button', class: `button style-${button.style}`, disabled: Boolean(button.disabled), on: { click: press } }, label);
  }));
}
