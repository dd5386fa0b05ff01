// What every page does: moving times, toasts, menus that close, colours, and jumping.

import { wakeChoices } from './choices.js';
import { wakeMenus } from './menus.js';
import { wakePalette } from './palette.js';
import { watchPictures } from './pictures.js';
import { wakeTheme } from './theme.js';
import { keepTimes } from './times.js';
import { wakeToasts } from './toast.js';

keepTimes();
watchPictures();
wakeToasts();
wakeMenus();
wakeTheme();
wakePalette();
wakeChoices();
