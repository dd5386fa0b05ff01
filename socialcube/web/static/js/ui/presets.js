// Ticks what a built-in role allows. Without this script the same links open a form that is ticked so.

import { toast } from '../shell/toast.js';

for (const link of document.querySelectorAll('[data-preset]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const wanted = new Set(link.dataset.preset.split(' '));
    for (const box of document.querySelectorAll('input[name="permissions"]')) box.checked = wanted.has(box.value);
    document.querySelector('[data-form]').dispatchEvent(new Event('input', { bubbles: true }));
    toast(`Ticked as ${link.textContent.trim()}. Nothing is saved yet.`);
  });
}
