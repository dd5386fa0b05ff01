// Lists inside forms: entries are added, moved and removed at once; without script the server does it.

const MOVES = {
  up: (entry) => isEntry(entry.previousElementSibling) && entry.previousElementSibling.before(entry),
  down: (entry) => isEntry(entry.nextElementSibling) && entry.nextElementSibling.after(entry),
  remove: (entry) => entry.remove(),
};
const isEntry = (element) => element?.matches('[data-entry]');

/** @param {HTMLFormElement} form @param {() => void} changed called after each change */
export function wakeInlineLists(form, changed) {
  form.addEventListener('click', (event) => {
    const button = event.target.closest('[data-action]');
    const entry = button?.closest('[data-entry]');
    // Adding needs the fields of an entry, which the server draws.
    if (!entry || !(button.dataset.action in MOVES)) return;
    event.preventDefault();
    const list = entry.closest('[data-inline]');
    const next = entry.nextElementSibling ?? entry.previousElementSibling;
    MOVES[button.dataset.action](entry);
    renumber(list);
    (entry.isConnected ? button : next?.querySelector('button, summary'))?.focus();
    changed();
  });
  form.addEventListener('input', ({ target }) => {
    const entry = target.closest('[data-entry]');
    if (entry) showName(entry);
  });
  // Somebody may have typed before this script was there.
  form.querySelectorAll('[data-entry]').forEach(showName);
}

/** An entry is called by what its first field holds. */
function showName(entry) {
  const name = entry.querySelector('.stack [name]').value || 'new';
  const place = entry.querySelector('[data-entry-name]');
  if (place.textContent !== name) place.textContent = name;
}

/** Names, ids and references carry the entry's place; the server reads the order from them. */
function renumber(list) {
  const { inline } = list.dataset;
  const place = new RegExp(`^${inline}-\\d+`);
  for (const [index, entry] of [...list.querySelectorAll('[data-entry]')].entries()) {
    for (const element of entry.querySelectorAll('[name], [id], [for], [aria-describedby]')) {
      for (const attribute of ['name', 'id', 'for', 'aria-describedby']) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(place, `${inline}-${index}`));
      }
      if (element.dataset.action) element.value = `${element.dataset.action} ${inline} ${index}`;
    }
  }
}
