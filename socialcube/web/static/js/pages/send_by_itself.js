// Sends the one form of a page that is only a step on the way. Without this script somebody presses its button.

import { sendByItself } from './forms.js';

sendByItself(document);
