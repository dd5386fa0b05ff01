// The page of a bot: its state, its steps and what happens to it, live.

import { sendByItself, sendInPlace } from '../pages/forms.js';
import { keepFresh } from '../pages/live.js';

const { bot: botId } = document.querySelector('[data-bot]').dataset;
const topics = ['figures'];
if (document.querySelector('[data-region="timeline"]')) topics.push('rows:bots');
if (document.querySelector('[data-region="runs"]')) topics.push('rows:commands');
const { regions } = keepFresh(topics, { botId });
sendInPlace(() => regions.refresh());
regions.onChange(() => sendByItself(document));
sendByItself(document);
