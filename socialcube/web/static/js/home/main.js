// Home: states, figures and the latest runs stay true while the page is open.

import { sendInPlace } from '../pages/forms.js';
import { keepFresh } from '../pages/live.js';

const topics = ['figures'];
if (document.querySelector('[data-region="runs"]')) topics.push('rows:commands');
const { regions } = keepFresh(topics);
sendInPlace(() => regions.refresh());
