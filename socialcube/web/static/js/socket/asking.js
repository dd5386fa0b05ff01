// Requests that a page makes by itself. After a sleep the browser may send one over a connection that is dead, and
// would wait for minutes; a new request gets a new connection.

import { getJson, post } from '../shell/http.js';

const MOST_MS = 5000;

export const askJson = (url) => getJson(url, { signal: AbortSignal.timeout(MOST_MS) });

export const askTicket = () => post('/admin/live/ticket', {}, { signal: AbortSignal.timeout(MOST_MS) });
