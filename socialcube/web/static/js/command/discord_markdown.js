// Discord's markdown as DOM nodes. Every text becomes a text node, whatever it contains.
// Source of the rules: Discord's support article "Markdown Text 101" and Reference, "Message Formatting".

const BLOCKS = [
  { match: /^```(?:([a-z0-9+-]{1,20})\n)?([\s\S]*?)```\n?/i, make: ([, , code]) => element('pre', [element('code', [code.replace(/\n$/, '')])]) },
  { match: /^(#{1,3}) +([^\n]+)(?:\n|$)/, make: ([, signs, text]) => element(`h${signs.length}`, inline(text)) },
  { match: /^-# +([^\n]+)(?:\n|$)/, make: ([, text]) => element('p', inline(text), 'dc-small') },
  { match: /^(?:> [^\n]*(?:\n|$))+/, make: ([all]) => element('blockquote', inline(all.replace(/^> /gm, '').replace(/\n$/, ''))) },
  { match: /^(?:[-*] [^\n]+(?:\n|$))+/, make: ([all]) => list('ul', all, /^[-*] /) },
  { match: /^(?:\d{1,3}\. [^\n]+(?:\n|$))+/, make: ([all]) => list('ol', all, /^\d+\. /) },
];

const INLINES = [
  { match: /^\\([^a-z0-9\s])/i, make: ([, sign]) => [sign] },
  { match: /^`([^`\n]+)`/, make: ([, code]) => [element('code', [code])] },
  { match: /^\*\*\*([^\n]+?)\*\*\*/, make: ([, text]) => [element('strong', [element('em', inline(text))])] },
  { match: /^\*\*([\s\S]+?)\*\*(?!\*)/, make: ([, text]) => [element('strong', inline(text))] },
  { match: /^__([\s\S]+?)__(?!_)/, make: ([, text]) => [element('u', inline(text))] },
  { match: /^\*(?!\s)([^*\n]+?)\*/, make: ([, text]) => [element('em', inline(text))] },
  { match: /^_(?!\s)([^_\n]+?)_(?![a-z0-9])/i, make: ([, text]) => [element('em', inline(text))] },
  { match: /^~~([\s\S]+?)~~/, make: ([, text]) => [element('s', inline(text))] },
  { match: /^\|\|([\s\S]+?)\|\|/, make: ([, text]) => [element('span', inline(text), 'dc-spoiler')] },
  { match: /^<(@[!&]?|#)(\d{1,20})>/, make: ([, sign, id]) => [mention(sign, id)] },
  { match: /^@(everyone|here)\b/, make: ([all]) => [element('span', [all], 'dc-mention')] },
  { match: /^<t:(-?\d{1,12})(?::[tTdDfFR])?>/, make: ([, seconds]) => [element('span', [moment(seconds)], 'dc-mention')] },
  { match: /^<a?(:\w{2,32}:)\d{1,20}>/, make: ([, name]) => [name] },
  { match: /^\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/, make: ([, text, address]) => [link(inline(text), address)] },
  { match: /^<?(https?:\/\/[^\s<>]+)>?/, make: ([, address]) => [link([address], address)] },
  { match: /^\{[{%][\s\S]*?[}%]\}/, make: ([all]) => [element('code', [all])] },
];
const PLAIN = /^[\s\S][^\\`*_~|<@h[{\n]*/;
const MAX_DEPTH = 8;

let depth = 0;
let names = {};

/** Draws a text. `known` gives the words for mentions by their id. */
export function draw(text, { line = false, known = {} } = {}) {
  names = known;
  const box = document.createDocumentFragment();
  box.append(...(line ? inline(text) : blocks(text)));
  return box;
}

/** Draws every text of a part of the page that is not drawn yet. */
export function drawAll(root, known = {}) {
  for (const place of root.querySelectorAll('[data-markdown]:not([data-drawn])')) {
    const text = place.textContent.trim();
    place.replaceChildren(draw(text, { line: place.dataset.markdown === 'line', known }));
    place.dataset.drawn = '';
  }
}

function blocks(text) {
  const found = [];
  let rest = text;
  let plain = '';
  const flush = () => {
    if (plain) found.push(element('p', inline(plain.replace(/\n$/, ''))));
    plain = '';
  };
  while (rest) {
    const block = first(BLOCKS, rest);
    if (block) {
      flush();
      found.push(block.rule.make(block.groups));
      rest = rest.slice(block.groups[0].length);
    } else {
      const end = rest.indexOf('\n') + 1 || rest.length;
      plain += rest.slice(0, end);
      rest = rest.slice(end);
    }
  }
  flush();
  return found;
}

function inline(text) {
  if (depth >= MAX_DEPTH) return [text];
  depth += 1;
  const found = [];
  let rest = text;
  while (rest) {
    if (rest[0] === '\n') {
      found.push(document.createElement('br'));
      rest = rest.slice(1);
      continue;
    }
    const rule = first(INLINES, rest);
    const length = rule ? rule.groups[0].length : PLAIN.exec(rest)[0].length;
    found.push(...(rule ? rule.rule.make(rule.groups) : [rest.slice(0, length)]));
    rest = rest.slice(length);
  }
  depth -= 1;
  return found;
}

function first(rules, text) {
  for (const rule of rules) {
    const groups = rule.match.exec(text);
    if (groups) return { rule, groups };
  }
  return null;
}

function element(name, children, className = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function list(name, text, sign) {
  const lines = text.replace(/\n$/, '').split('\n');
  return element(name, lines.map((line) => element('li', inline(line.replace(sign, '')))));
}

function mention(sign, id) {
  const key = sign.replace('!', '') + id;
  const words = names[key] ?? { '@': 'someone', '@&': 'a role', '#': 'a channel' }[sign.replace('!', '')];
  return element('span', [`${sign[0]}${words}`], 'dc-mention');
}

function moment(seconds) {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? seconds : date.toLocaleString();
}

/** Only shows where a link leads: a preview is not the place to follow it. */
function link(children, address) {
  const made = element('span', children, 'dc-linked');
  made.title = address;
  return made;
}
