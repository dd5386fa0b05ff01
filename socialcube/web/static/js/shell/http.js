// Requests to the panel's own doors. A refusal becomes an Error that carries the server's sentence.

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** A request that the server refused. `details` is its JSON, when it sent any. */
export class RefusedError extends Error {
  constructor(message, status, details) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** Gets JSON. Give `options.signal` where nobody would notice that no answer comes. */
export async function getJson(url, options = {}) {
  return send(url, { headers: { Accept: 'application/json' }, ...options });
}

/** Posts JSON, or a form when `body` is FormData. */
export async function post(url, body = {}, options = {}) {
  const headers = { Accept: 'application/json', 'X-CSRFToken': token() };
  if (body instanceof FormData) return send(url, { method: 'POST', headers, body, ...options });
  headers['Content-Type'] = 'application/json';
  return send(url, { method: 'POST', headers, body: JSON.stringify(body), ...options });
}

async function send(url, options) {
  let response;
  try {
    response = await fetch(url, { credentials: 'same-origin', ...options });
  } catch {
    throw new RefusedError('The panel cannot be reached. Check the connection, then try again.', 0);
  }
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
  const answer = isJson ? await response.json() : null;
  if (response.ok) return answer;
  const { code, message, remedy, url: way } = answer?.error ?? {};
  // Somebody who must first prove who they are is led there, and back to this page.
  if (code === 'recent_sign_in_needed') location.assign(way);
  throw new RefusedError([message ?? `The panel answered ${response.status}.`, remedy].filter(Boolean).join(' '), response.status, answer);
}
