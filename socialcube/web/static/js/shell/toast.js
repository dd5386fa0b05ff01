// Short confirmations in the live region that every page has.

const place = () => document.querySelector('[data-toasts]');
const VISIBLE_MS = 6000;

/** Says something in passing. `tone` is one of ok, warn, bad. What went wrong stays until it is closed. */
export function toast(text, tone = 'ok') {
  const box = document.createElement('p');
  box.className = `toast ${tone}`;
  const words = document.createElement('span');
  words.textContent = text;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn square small quiet';
  close.setAttribute('aria-label', 'Close');
  close.textContent = '×';
  close.addEventListener('click', () => box.remove());
  box.append(words, close);
  place().append(box);
  if (tone === 'ok') setTimeout(() => box.remove(), VISIBLE_MS);
}

/** Lets the toasts that came with the page be closed, and the good news go by itself. */
export function wakeToasts() {
  for (const box of document.querySelectorAll('[data-toast]')) {
    box.querySelector('[data-toast-close]').addEventListener('click', () => box.remove());
    if (box.classList.contains('ok')) setTimeout(() => box.remove(), VISIBLE_MS);
  }
}
