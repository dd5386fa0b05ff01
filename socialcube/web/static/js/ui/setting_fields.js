// The form of a bot's setting fields: shows what the chosen type has, and how a command reads the field.
// Without this script every part is shown with the type it belongs to, and the server takes what fits.

const form = document.querySelector('[data-form]');

function showParts(entry) {
  const kind = entry.querySelector('select[name$="-kind"]').value;
  for (const part of entry.querySelectorAll('[data-kinds]')) {
    part.closest('.field').hidden = !part.dataset.kinds.split(' ').includes(kind);
  }
  for (const pair of entry.querySelectorAll('.pair')) {
    pair.hidden = [...pair.children].every((field) => field.hidden);
  }
}

/** The help of a key says how commands write it; until there is one it speaks of `key`. */
function showKey(input) {
  const help = input.closest('.field').querySelector('.help');
  help.textContent = help.textContent.replace(/settings\.\S+/, `settings.${input.value.trim() || 'key'}`);
}

form.addEventListener('change', ({ target }) => {
  if (target.matches('select[name$="-kind"]')) showParts(target.closest('[data-entry]'));
});
form.addEventListener('input', ({ target }) => {
  if (target.matches('[data-key]')) showKey(target);
});
for (const entry of form.querySelectorAll('[data-entry]')) {
  showParts(entry);
  showKey(entry.querySelector('[data-key]'));
}
