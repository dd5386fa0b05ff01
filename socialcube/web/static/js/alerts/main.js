// The page of a channel: the answer to a test appears while it is open.

import { keepFresh } from '../pages/live.js';

keepFresh([]);
