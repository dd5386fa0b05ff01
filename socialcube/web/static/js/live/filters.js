// The filters: a form that works by itself, and with script changes the page without loading it again.

const TYPING_MS = 300;
const NAMES = ['q', 'bot', 'level', 'command', 'outcome'];

/**
 * Calls `onStart` once with what the address asks for, and `onChange(streams, filters)` when it asks for more.
 */
export function followFilters(onChange, onStart) {
  const form = document.querySelector('#filters');
  const sheet = document.querySelector('[data-sheet]');
  let timer = 0;
  form.querySelector('[data-apply]').hidden = true;
  document.querySelector('[data-keys]').hidden = false;
  sheet.hidden = false;
  sheet.addEventListener('click', () => toggleSheet(sheet));

  const apply = () => {
    const { streams, filters, search } = read(form);
    history.replaceState(null, '', search);
    onChange(streams, filters);
  };
  form.addEventListener('change', apply);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
  });
  document.querySelector('[data-search]').addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, TYPING_MS);
  });
  onStart(read(form));
}

function read(form) {
  const given = new FormData(form);
  const kept = new URLSearchParams(location.search);
  const search = new URLSearchParams();
  const streams = given.getAll('log');
  for (const stream of streams) search.append('log', stream);
  const filters = {};
  for (const name of NAMES) {
    // What has no control in the form stays as the address says it.
    const value = (given.has(name) ? given.get(name) : kept.get(name))?.trim();
    if (!value) continue;
    filters[name] = value;
    search.set(name, value);
  }
  return { streams, filters, search: `?${search}` };
}

function toggleSheet(button) {
  const isOpen = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(isOpen));
  document.querySelector('.search').classList.toggle('desk', !isOpen);
  document.querySelector('#filters').classList.toggle('sheet', isOpen);
  if (isOpen) document.querySelector('[data-search]').focus();
}
