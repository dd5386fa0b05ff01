/**
 * Builds DOM nodes. Text always lands in text nodes: nothing here, or in any caller, parses HTML.
 * @module dom
 */

const SVG = 'http://www.w3.org/2000/svg';
const SPRITE = new URL('../icons.svg', import.meta.url).pathname;

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `class`, `on` (listeners by event), `data` (dataset);
 *   `true` sets an empty attribute, `false`, `null` and `undefined` set none
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...nodes(children));
  return element;
}

/**
 * Makes an icon of the sprite; decoration only, so hidden from assistive technology.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Makes a button with an icon and a name for assistive technology.
 * @param {string} name icon
 * @param {string} label
 * @param {() => void} onClick
 * @param {Record<string, any>} [props]
 */
export function iconButton(name, label, onClick, props = {}) {
  const all = { type: 'button', class: 'icon-button', 'aria-label': label, title: label, on: { click: onClick } };
  return h('button', { ...all, ...props }, icon(name));
}

/**
 * Replaces the children of `parent`. A link or button in it that has the focus hands it to its successor.
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  const active = document.activeElement;
  const focused = active && parent.contains(active) ? nameOf(active) : null;
  parent.replaceChildren(...nodes(children));
  if (focused) [...parent.querySelectorAll('a, button')].find((each) => nameOf(each) === focused)?.focus({ preventScroll: true });
}

/**
 * Makes these the children of `parent` without touching those that stay: they keep focus, selection and
 * state, and a live region tells only what is new.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function patch(parent, wanted) {
  const staying = new Set(wanted);
  for (const child of [...parent.children]) {
    if (!staying.has(child)) child.remove();
  }
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

/** @param {Element} element */
const nameOf = (element) => element.getAttribute('href') ?? element.getAttribute('aria-label') ?? element.textContent;

/** @param {HTMLElement} element @param {string} name @param {any} value */
function setProp(element, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name === 'on') {
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  } else if (name === 'data') {
    Object.assign(element.dataset, value);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== '')
    .map((child) => (child instanceof Node ? child : String(child)));
}
