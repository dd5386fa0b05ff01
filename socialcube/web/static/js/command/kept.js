// What was typed and could not be saved, kept in this tab until the server has it.

const OF_THE_PAGE = ['csrf_token', 'edit'];

const keyOf = (form) => `not saved: ${new URL(form.action).pathname}`;

export const bodyOf = (form) => new URLSearchParams(new FormData(form));

export function keep(form) {
  try {
    sessionStorage.setItem(keyOf(form), bodyOf(form).toString());
  } catch {
    // A browser that keeps nothing for pages: then leaving loses it, as it does everywhere.
  }
}

export function forget(form) {
  sessionStorage.removeItem(keyOf(form));
}

/** Gives what was kept and does not stand in the form, ready to be posted; null when there is nothing. */
export function recall(form) {
  const kept = new URLSearchParams(sessionStorage.getItem(keyOf(form)) ?? '');
  if (words(kept) === '' || words(kept) === words(bodyOf(form))) return null;
  // It keeps the version that it was typed into, so that what others did since is not overwritten.
  kept.set('csrf_token', form.elements.csrf_token.value);
  return kept;
}

function words(body) {
  const copy = new URLSearchParams(body);
  for (const name of OF_THE_PAGE) copy.delete(name);
  return copy.toString();
}
