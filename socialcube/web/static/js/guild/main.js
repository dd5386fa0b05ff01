// A bot in a server, and the map of servers: what changes there shows while the page stays open.

import { askFirst } from '../pages/forms.js';
import { keepFresh } from '../pages/live.js';

const botId = document.querySelector('[data-bot]')?.dataset.bot ?? null;
keepFresh([], { botId });
askFirst();
