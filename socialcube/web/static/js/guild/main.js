// A bot in a server, and the map of servers: what changes there shows while the page stays open.

import { askFirst } from '../pages/forms.js';
import { keepFresh } from '../pages/live.js';

const botId = document.querySelector('[data-bot]')?.dataset.bot ?? null;
// The map shows servers, not how bots are; the page of one place says whether its bot can be asked to leave.
const markOf = (bot) => [bot.name, bot.guilds_stored, bot.guilds_mark, bot.commands_differ, botId ? bot.word : ''].join(' ');
keepFresh([], { botId, markOf });
askFirst();
