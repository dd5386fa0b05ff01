// The colours a person chose. The server keeps the choice and puts it on <html>, so that nothing flashes.

import { post } from './http.js';
import { toast } from './toast.js';

/** Lets the theme's form work without a reload. */
export function wakeTheme() {
  document.addEventListener('submit', async (event) => {
    const form = event.target.closest('[data-theme-form]');
    if (!form) return;
    event.preventDefault();
    const theme = event.submitter.value;
    show(theme);
    try {
      await post(form.action, { theme });
    } catch (error) {
      toast(error.message, 'bad');
    }
  });
}

function show(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const choice of document.querySelectorAll('[data-theme-form] button')) {
    choice.setAttribute('aria-pressed', String(choice.value === theme));
  }
}
