// Menus are <details>: they open without script. Here they close by a click elsewhere and by Escape.

export function wakeMenus() {
  document.addEventListener('click', ({ target }) => closeAllBut(target));
  document.addEventListener('focusin', ({ target }) => closeAllBut(target));
  document.addEventListener('keydown', ({ key, target }) => {
    const menu = key === 'Escape' && target.closest('.menu[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });
}

function closeAllBut(target) {
  for (const menu of document.querySelectorAll('.menu[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
}
