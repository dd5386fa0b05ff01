// Copies what another element shows: `data-copy-from` names it. What is new on the page gets the focus.
// A page that shows something once names the page that a reload leads to, so that it makes no second one.

import { toast } from '../shell/toast.js';

for (const button of document.querySelectorAll('[data-copy-from]')) {
  const source = document.getElementById(button.dataset.copyFrom);
  button.addEventListener('click', async () => {
    const isField = 'value' in source;
    if (isField) source.select();
    else getSelection().selectAllChildren(source);
    try {
      await navigator.clipboard.writeText(isField ? source.value : source.textContent);
      toast('Copied.');
    } catch {
      toast('The browser does not let us copy. The text is marked: copy it by hand.', 'bad');
    }
  });
}
document.querySelector('[data-focus]')?.focus();
const once = document.querySelector('[data-once]');
if (once) history.replaceState(null, '', once.dataset.once);
