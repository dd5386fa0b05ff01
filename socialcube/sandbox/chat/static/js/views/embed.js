/**
 * Cards that bots send: colour bar, author, title, text, fields, pictures, footer.
 * @module views/embed
 */
import { h, icon } from '../dom.js';
import { isOwnPicture, safeHref } from '../markdown/links.js';
import { renderInline, renderMarkdown } from '../markdown/render.js';
import { exactTime, messageTime } from '../time.js';

/**
 * @param {object} embed as the API gives it
 * @param {import('../markdown/render.js').Names} names
 */
export function renderEmbed(embed, names) {
  const card = h('div', { class: 'embed' },
    h('div', { class: 'embed-main' },
      embed.author?.name && h('p', { class: 'embed-author' }, small(embed.author.icon_url), linked(embed.author.name, embed.author.url)),
      embed.title && h('p', { class: 'embed-title' }, titled(embed, names)),
      embed.description && h('div', { class: 'embed-text' }, renderMarkdown(embed.description, names)),
      embed.fields?.length > 0 && renderFields(embed.fields, names)),
    picture(embed.thumbnail?.url, 'thumbnail'),
    picture(embed.image?.url, 'image'),
    renderFooter(embed));
  if (embed.color) card.style.setProperty('--bar', `#${embed.color.toString(16).padStart(6, '0')}`);
  return card;
}

function linked(text, url) {
  const href = safeHref(url ?? '');
  return href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, text) : text;
}

/** A title with an address is one link, so links inside it stay text. */
function titled(embed, names) {
  return safeHref(embed.url ?? '') ? linked(embed.title, embed.url) : renderInline(embed.title, names);
}

/** Up to three inline fields share a row; a field that is not inline takes the whole row. */
function renderFields(fields, names) {
  const rows = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (field.inline && last?.inline && last.fields.length < 3) last.fields.push(field);
    else rows.push({ inline: field.inline, fields: [field] });
  }
  return rows.map((row) => h('dl', { class: `embed-fields of-${row.fields.length}` },
    row.fields.map((field) => h('div', {},
      h('dt', {}, renderInline(field.name, names)),
      h('dd', {}, renderMarkdown(field.value, names))))));
}

/** Shows our own pictures; others become links, for the page loads nothing from elsewhere. */
function picture(url, kind) {
  const href = safeHref(url ?? '');
  if (!href) return null;
  if (isOwnPicture(href)) return h('img', { class: `embed-${kind}`, src: href, alt: '', loading: 'lazy' });
  const label = kind === 'image' ? 'Image' : 'Thumbnail';
  return h('a', { class: `embed-link ${kind}`, href, target: '_blank', rel: 'noopener noreferrer nofollow', title: href },
    icon('image'), h('span', {}, `${label} at ${new URL(href).hostname}`));
}

function small(url) {
  return url && isOwnPicture(url) && h('img', { class: 'embed-icon', src: url, alt: '' });
}

function renderFooter(embed) {
  const date = embed.timestamp ? new Date(embed.timestamp) : null;
  const valid = date && !Number.isNaN(date.getTime());
  if (!embed.footer?.text && !valid) return null;
  return h('p', { class: 'embed-foot' },
    small(embed.footer?.icon_url),
    embed.footer?.text && h('span', {}, embed.footer.text),
    embed.footer?.text && valid && h('span', { 'aria-hidden': 'true' }, '·'),
    valid && h('time', { datetime: date.toISOString(), title: exactTime(date) }, messageTime(date)));
}
