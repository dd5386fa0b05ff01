// The switch above the sidebar: which bots the pages show. Without script it leads to a page of its own.

import { post } from './http.js';
import { Palette } from './palette.js';

const PLACES = ['page', 'before', 'after'];

export function wakeChoices() {
  const dialog = document.querySelector('[data-choices]');
  if (!dialog) return;
  const url = dialog.dataset.choices;
  const palette = new Palette(dialog, {
    url,
    async onChoose({ key }) {
      await post(url, { key });
      reload();
    },
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-shown-bots]') || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    palette.open();
  });
}

/** Shows the page anew from its first rows: a place in the longer list means nothing in the shorter one. */
function reload() {
  const address = new URL(location.href);
  for (const name of PLACES) address.searchParams.delete(name);
  location.replace(address);
}
