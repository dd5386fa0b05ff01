// Forms that give access: one way at a time, and a link that is copied with one press.

import { toast } from '../shell/toast.js';

for (const fieldset of document.querySelectorAll('fieldset.ways')) {
  const choices = [...fieldset.querySelectorAll('input[name="way"]')];
  const show = () => {
    for (const choice of choices) choice.closest('label').nextElementSibling.hidden = !choice.checked;
  };
  fieldset.addEventListener('change', show);
  show();
}

for (const button of document.querySelectorAll('[data-copy-field]')) {
  const field = document.getElementById(button.dataset.copyField);
  button.addEventListener('click', async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      toast('The link is copied.');
    } catch {
      toast('The browser does not let us copy. The link is marked: copy it by hand.', 'bad');
    }
  });
}
document.querySelector('[data-made]')?.focus();
