/**
 * Splits message markdown into blocks: paragraphs, headings, quotes, lists and code. Pure.
 * @module markdown/blocks
 */
import { parseInline } from './inline.js';

const FENCE = /```(?:([\w+#.-]{1,20})\n)?([\s\S]*?)```/g;
const HEADING = /^(#{1,3}) +(\S.*)$/;
const SUBTEXT = /^-# +(\S.*)$/;
const ITEM = /^( *)([-*]|\d{1,9}\.) +(\S.*)$/;

/**
 * @typedef {{type: string, [key: string]: any}} Block
 * @param {string} text
 * @param {boolean} [quoted] whether this is the inside of a quote: quotes do not nest
 * @returns {Block[]}
 */
export function parseBlocks(text, quoted = false) {
  const blocks = [];
  let from = 0;
  for (const found of text.matchAll(FENCE)) {
    if (found[2].trim() === '') continue;
    blocks.push(...parseLines(text.slice(from, found.index).replace(/\n$/, ''), quoted));
    blocks.push({ type: 'pre', language: found[1] ?? '', text: found[2].replace(/^\n+|\n+$/g, '') });
    from = found.index + found[0].length;
  }
  const rest = from ? text.slice(from).replace(/^\n/, '') : text;
  return [...blocks, ...parseLines(rest, quoted)];
}

/** @param {string} text @param {boolean} quoted @returns {Block[]} */
function parseLines(text, quoted) {
  const lines = text === '' ? [] : text.split('\n');
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const taken = (quoted ? null : quote(lines, at)) ?? single(lines, at) ?? list(lines, at) ?? paragraph(lines, at, quoted);
    blocks.push(taken.block);
    at += taken.count;
  }
  return blocks;
}

function quote(lines, at) {
  let inside = [];
  if (lines[at].startsWith('>>> ')) {
    inside = [lines[at].slice(4), ...lines.slice(at + 1)];
  } else {
    const end = lines.findIndex((line, index) => index >= at && line !== '>' && !line.startsWith('> '));
    inside = lines.slice(at, end < 0 ? undefined : end).map((line) => line.slice(2));
  }
  if (!inside.length) return null;
  return { block: { type: 'quote', blocks: parseBlocks(inside.join('\n'), true) }, count: inside.length };
}

function single(lines, at) {
  const heading = HEADING.exec(lines[at]);
  if (heading) return { block: { type: 'heading', level: heading[1].length, children: parseInline(heading[2]) }, count: 1 };
  const subtext = SUBTEXT.exec(lines[at]);
  return subtext && { block: { type: 'subtext', children: parseInline(subtext[1]) }, count: 1 };
}

/** A run of items of one kind; deeper ones (two spaces or more) become lists inside the item before them. */
function list(lines, at) {
  const items = [];
  for (const line of lines.slice(at)) {
    const item = readItem(line);
    const [first] = items;
    if (!item || (first && item.indent <= first.indent + 1 && item.ordered !== first.ordered)) break;
    items.push(item);
  }
  return items.length ? { block: nest(items), count: items.length } : null;
}

function readItem(line) {
  const found = ITEM.exec(line);
  if (!found) return null;
  const [, indent, sign, text] = found;
  return { indent: indent.length, ordered: /\d/.test(sign), start: Number.parseInt(sign, 10), text };
}

/** @param {{indent: number, ordered: boolean, start: number, text: string}[]} items not empty */
function nest(items) {
  const [first] = items;
  const block = { type: 'list', ordered: first.ordered, start: first.start, items: [] };
  for (let at = 0; at < items.length; at += 1) {
    const deeper = [];
    while (items[at + 1 + deeper.length]?.indent > first.indent + 1) deeper.push(items[at + 1 + deeper.length]);
    block.items.push({ children: parseInline(items[at].text), nested: deeper.length ? nest(deeper) : null });
    at += deeper.length;
  }
  return block;
}

function paragraph(lines, at, quoted) {
  let count = 1;
  while (at + count < lines.length && !startsBlock(lines, at + count, quoted)) count += 1;
  return { block: { type: 'paragraph', children: parseInline(lines.slice(at, at + count).join('\n')) }, count };
}

function startsBlock(lines, at, quoted) {
  const quote = !quoted && /^>(>>)?( |$)/.test(lines[at]);
  return quote || HEADING.test(lines[at]) || SUBTEXT.test(lines[at]) || ITEM.test(lines[at]);
}
