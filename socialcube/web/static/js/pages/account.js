// Gives languages their names: the browser knows them in every language, the server only their codes.

import { wakeComboboxes } from '../ui/combobox.js';

for (const select of document.querySelectorAll('select[data-language-names]')) {
  for (const option of select.options) {
    if (!option.value) continue;
    option.textContent = new Intl.DisplayNames([option.value, 'en'], { type: 'language' }).of(option.value) ?? option.value;
  }
}
wakeComboboxes(document);
