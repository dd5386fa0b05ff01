// One row, drawn as the server draws it. Whatever a row says goes in as text.

const LOOKS = {
  debug: ['off', 'l-debug', 'debug'],
  info: ['busy', 'l-info', 'info'],
  warning: ['warn', 'l-warn', 'warn'],
  error: ['bad', 'l-error', 'error'],
};
const SVG = 'http://www.w3.org/2000/svg';

const pad = (number, length) => String(number).padStart(length, '0');

const { timeZone } = document.documentElement.dataset;
const CLOCK = timeZone && new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23', timeZone,
});

/** Says a moment in the time zone that the person chose, or else in the browser's own, which takes less time. */
function clockTime(text) {
  const at = new Date(text);
  if (CLOCK) return CLOCK.format(at);
  return `${pad(at.getHours(), 2)}:${pad(at.getMinutes(), 2)}:${pad(at.getSeconds(), 2)}.${pad(at.getMilliseconds(), 3)}`;
}

/** Gives the address of a row's own page. */
export const addressOf = (line) => `/admin/runs/${line.run}?log=${line.stream}`;

export function drawRow(line, key) {
  const [tone, icon, word] = LOOKS[line.level];
  const row = document.createElement('tr');
  row.dataset.key = key;
  if (tone === 'warn' || tone === 'bad') row.className = tone;
  const link = document.createElement('a');
  link.href = addressOf(line);
  link.tabIndex = -1;
  link.textContent = line.text;
  row.append(
    cell('', clockTime(line.at)),
    cell(`level ${tone}`, levelWords(icon, word)),
    cell('', line.bot),
    cell('extra desk', line.server),
    cell('extra desk', line.person),
    cell('text', link),
    cell('', line.ms === null ? '—' : line.ms.toLocaleString('en')),
  );
  return row;
}

/** Gives a row that only takes room. */
export function gapRow() {
  const row = document.createElement('tr');
  row.className = 'gap';
  row.setAttribute('aria-hidden', 'true');
  // One cell: spanning columns that a narrow window hides would bring them back.
  row.append(cell('', ''));
  return row;
}

function cell(name, content) {
  const box = document.createElement('td');
  if (name) box.className = name;
  box.append(content);
  return box;
}

function levelWords(icon, word) {
  const words = document.createElement('span');
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('class', 'icon');
  picture.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `/static/icons.svg#${icon}`);
  picture.append(use);
  words.append(picture, word);
  return words;
}
