// The page of a channel: the answer to a test appears while it is open.

import { keepFresh } from '../pages/live.js';

const REFRESH_MS = 30_000;

const { regions } = keepFresh([], { markOf: ({ word, tone }) => `${tone} ${word}` });
// What is sent later, or fails to arrive, moves no bot.
setInterval(() => { if (!document.hidden) regions.refresh(); }, REFRESH_MS);
