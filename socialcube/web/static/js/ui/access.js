// Forms that give access: one way at a time.

import './copy.js';

for (const fieldset of document.querySelectorAll('fieldset.ways')) {
  const choices = [...fieldset.querySelectorAll('input[name="way"]')];
  const show = () => {
    for (const choice of choices) choice.closest('label').nextElementSibling.hidden = !choice.checked;
  };
  fieldset.addEventListener('change', show);
  show();
}
