// What every page does: moving times, toasts, menus that close.

import { keepTimes } from './times.js';
import { wakeToasts } from './toast.js';

keepTimes();
wakeToasts();

document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('.menu[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
});
