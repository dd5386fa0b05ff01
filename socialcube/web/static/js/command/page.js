// Exchanges parts of the page with what the server draws: one way of drawing, with script and without.

const UNAUTHENTICATED = 401;
const SIGNED_OUT = 'You are signed out, perhaps in another tab. Copy what you typed last, sign in again, then reload this page.';

/** An answer as a document. `address` is where the browser would be now. */
export class Answer {
  constructor(document, status, address) {
    this.document = document;
    this.status = status;
    this.address = address;
  }

  /** What the server refused, in its own words; null when it drew a page of this command. */
  get refusal() {
    if (this.document.querySelector('[data-builder], form.clash, [data-live]')) return null;
    if (this.status === UNAUTHENTICATED || new URL(this.address).pathname.startsWith('/login')) return SIGNED_OUT;
    const parts = ['main h1', 'main p'].map((place) => this.document.querySelector(place)?.textContent.trim());
    return parts.filter(Boolean).join(' ') || `The panel answered ${this.status}.`;
  }
}

/** Fetches a page of the panel. Rejects with a sentence for people when it cannot be reached. */
export async function fetchPage(address, options = {}) {
  let response;
  try {
    response = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'text/html' }, ...options });
  } catch {
    throw new Error('The panel cannot be reached. What you typed is kept here; it is saved as soon as it can be.');
  }
  const document = new DOMParser().parseFromString(await response.text(), 'text/html');
  return new Answer(document, response.status, response.url);
}

/** Posts a form as the browser would, with the button that was pressed. */
export function postForm(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  return postBody(form.action, body);
}

/** Posts fields as a form does. */
export function postBody(address, body) {
  return fetchPage(address, { method: 'POST', body });
}

/** Takes over the parts that carry these keys, or all but the excluded ones. */
export function takeOver(fresh, { only, except = [] } = {}) {
  for (const part of document.querySelectorAll('[data-live]')) {
    const key = part.dataset.live;
    if (only ? !only.includes(key) : except.includes(key)) continue;
    const other = fresh.querySelector(`[data-live="${CSS.escape(key)}"]`);
    if (!other) continue;
    if (part.outerHTML !== other.outerHTML) part.replaceWith(document.importNode(other, true));
  }
}
