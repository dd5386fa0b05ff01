// Requests that a page makes by itself. After a sleep the browser may send one over a connection that is dead, and
// would wait for minutes. Ending the request ends its connection too.

import { getJson, post } from '../shell/http.js';

const MOST_MS = 5000;
const LOOK_MS = 1500;
// Browsers keep so many connections to one place.
const CONNECTIONS = 6;

export const askJson = (url) => getJson(url, { signal: AbortSignal.timeout(MOST_MS) });

export const askTicket = () => post('/admin/live/ticket', {}, { signal: AbortSignal.timeout(MOST_MS) });

/** Finds the dead ones among the connections that the browser keeps, all at once, and so has it open new ones. */
export async function endDeadConnections() {
  const look = () => fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(LOOK_MS) });
  await Promise.allSettled(Array.from({ length: CONNECTIONS }, look));
}
