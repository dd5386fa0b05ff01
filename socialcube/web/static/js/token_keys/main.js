// The page of the token keys: a rotation goes on while it is open.

import { keepFresh } from '../pages/live.js';

keepFresh([]);
