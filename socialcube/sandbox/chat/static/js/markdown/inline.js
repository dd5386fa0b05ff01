/**
 * Reads the inline part of message markdown into a tree. Pure: strings in, plain objects out.
 * @module markdown/inline
 */
import { safeHref } from './links.js';

/** Deeper nesting stays text, so that hostile messages cannot exhaust the stack. */
const MAX_DEPTH = 10;
const WORD = /\w/;
const AUTOLINK = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]*_~]/y;
const MASKED_LINK = /\[((?:[^[\]\\]|\\.)+)\]\(\s*<?([^\s<>()]+(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\s*\)/y;
const MARK = /<(?:(@!?|@&|#)(\d{1,20})|\/([\w -]{1,100}):(\d{1,20})|a?:(\w{1,32}):\d{1,20}|t:(-?\d{1,13})(?::([tTdDfFR]))?)>/y;
const EVERYONE = /@(?:everyone|here)\b/y;
const ESCAPE = /\\([^A-Za-z0-9\s])/y;
const STYLES = [['***', ['strong', 'em']], ['**', ['strong']], ['__', ['u']], ['~~', ['s']], ['||', ['spoiler']], ['*', ['em']], ['_', ['em']]];

/**
 * @typedef {{type: string, text?: string, children?: Inline[], [key: string]: any}} Inline
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export function parseInline(text, depth = 0) {
  const found = [];
  let plain = '';
  let position = 0;
  const flush = () => {
    if (plain) found.push({ type: 'text', text: plain });
    plain = '';
  };
  while (position < text.length) {
    const hit = match(text, position, depth);
    if (!hit) {
      plain += text[position];
      position += 1;
    } else if (hit.node.type === 'text') {
      plain += hit.node.text;
      position = hit.end;
    } else {
      flush();
      found.push(hit.node);
      position = hit.end;
    }
  }
  flush();
  return found;
}

/** @returns {{node: Inline, end: number} | null} */
function match(text, position, depth) {
  switch (text[position]) {
    case '\\': return sticky(ESCAPE, text, position, ([, sign]) => ({ type: 'text', text: sign }));
    case '`': return inlineCode(text, position);
    case '<': return mark(text, position) ?? bracketedLink(text, position);
    case '@': return sticky(EVERYONE, text, position, ([all]) => ({ type: 'mention', kind: 'everyone', text: all }));
    case '[': return maskedLink(text, position, depth);
    case 'h': return autolink(text, position);
    case '*': case '_': case '~': case '|': return depth < MAX_DEPTH ? styled(text, position, depth) : null;
    default: return null;
  }
}

/** @param {RegExp} pattern a sticky one */
function sticky(pattern, text, position, build) {
  pattern.lastIndex = position;
  const found = pattern.exec(text);
  if (!found) return null;
  const node = build(found);
  return node && { node, end: position + found[0].length };
}

function inlineCode(text, position) {
  const fence = text.startsWith('``', position) ? '``' : '`';
  const close = text.indexOf(fence, position + fence.length);
  if (close <= position + fence.length) return null;
  const code = text.slice(position + fence.length, close);
  return { node: { type: 'code', text: fence === '``' ? code.trim() : code }, end: close + fence.length };
}

function mark(text, position) {
  return sticky(MARK, text, position, ([, sign, id, command, , emoji, seconds, style]) => {
    if (sign) return { type: 'mention', kind: { '@': 'user', '@!': 'user', '@&': 'role', '#': 'channel' }[sign], id };
    if (command) return { type: 'mention', kind: 'command', text: `/${command}` };
    if (emoji) return { type: 'emoji', text: `:${emoji}:` };
    return { type: 'time', seconds: Number(seconds), style: style ?? 'f' };
  });
}

function bracketedLink(text, position) {
  const close = text.indexOf('>', position);
  const href = close > 0 ? safeHref(text.slice(position + 1, close)) : null;
  if (!href) return null;
  const shown = text.slice(position + 1, close);
  return { node: { type: 'link', href, children: [{ type: 'text', text: shown }] }, end: close + 1 };
}

function maskedLink(text, position, depth) {
  return sticky(MASKED_LINK, text, position, ([, label, address]) => {
    const href = safeHref(address);
    return href && { type: 'link', href, children: parseInline(label, Math.max(depth + 1, MAX_DEPTH - 2)) };
  });
}

function autolink(text, position) {
  if (position > 0 && WORD.test(text[position - 1])) return null;
  return sticky(AUTOLINK, text, position, ([address]) => {
    const href = safeHref(address);
    return href && { type: 'link', href, children: [{ type: 'text', text: address }] };
  });
}

/** Bold, italic, underline, strike and spoiler: the longest sign that closes again wins. */
function styled(text, position, depth) {
  for (const [sign, types] of STYLES) {
    if (!text.startsWith(sign, position)) continue;
    const close = closing(text, position + sign.length, sign);
    if (close < 0) continue;
    const inner = parseInline(text.slice(position + sign.length, close), depth + types.length);
    const node = types.reduceRight((children, type) => [{ type, children }], inner)[0];
    return { node, end: close + sign.length };
  }
  return null;
}

/** Finds where a style ends, or -1. Code in between hides its signs; `_` inside words is a letter. */
function closing(text, start, sign) {
  const italic = sign.length === 1;
  if (italic && (text[start] === ' ' || text[start] === sign)) return -1;
  if (sign === '_' && start > 1 && WORD.test(text[start - 2])) return -1;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') at = inlineCode(text, at)?.end - 1 || at;
    else if (italic && text.startsWith(sign + sign, at)) at += 1;
    else if (text.startsWith(sign, at) && at > start && fits(text, at, sign)) return at;
  }
  return -1;
}

function fits(text, at, sign) {
  if (sign === '_') return !WORD.test(text[at + 1] ?? '');
  if (sign === '*') return text[at - 1] !== ' ';
  // "**bold *italic***": the last two of three signs close the bold.
  return sign === '***' || sign[0] === '|' || text[at + sign.length] !== sign[0];
}
