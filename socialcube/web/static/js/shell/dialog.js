// Questions that need an answer before something happens that cannot be undone.

/**
 * Asks, and gives whether the answer was yes. Escape and Cancel are no.
 * @param {object} question
 * @param {string} question.title what will happen
 * @param {string} [question.text] what that means
 * @param {string} [question.action] words of the button that goes on
 * @param {boolean} [question.danger] whether it cannot be undone
 * @param {string} [question.type] what must be typed before the button works
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text = '', action = 'Continue', danger = false, type = '' }) {
  const dialog = document.createElement('dialog');
  const heading = element('h2', title);
  heading.id = 'confirm-title';
  dialog.setAttribute('aria-labelledby', heading.id);
  const form = document.createElement('form');
  form.method = 'dialog';
  form.className = 'stack';
  form.append(heading);
  if (text) form.append(element('p', text));
  const yes = button(action, danger ? 'btn danger' : 'btn main-action', 'yes');
  if (type) form.append(typedField(type, yes));
  const acts = document.createElement('div');
  acts.className = 'acts';
  const no = button('Cancel', 'btn', 'no');
  // Enter in a field presses the first button that submits; that is to be the action, not its opposite.
  no.type = 'button';
  no.addEventListener('click', () => dialog.close('no'));
  acts.append(no, yes);
  form.append(acts);
  dialog.append(form);
  document.body.append(dialog);
  return answer(dialog);
}

function answer(dialog) {
  const { promise, resolve } = withResolvers();
  dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue === 'yes');
  });
  dialog.showModal();
  return promise;
}

function typedField(expected, yes) {
  const label = document.createElement('label');
  label.className = 'field';
  const input = document.createElement('input');
  input.className = 'input';
  input.autocomplete = 'off';
  yes.disabled = true;
  input.addEventListener('input', () => { yes.disabled = input.value.trim() !== expected; });
  label.append(element('span', `Type ${expected} to go on`), input);
  return label;
}

function button(words, kind, value) {
  const made = element('button', words);
  made.className = kind;
  made.value = value;
  return made;
}

function element(name, words) {
  const made = document.createElement(name);
  made.textContent = words;
  return made;
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}
