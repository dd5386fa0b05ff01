// What every page does: moving times, toasts, menus that close, colours, and jumping.

import { wakeMenus } from './menus.js';
import { wakePalette } from './palette.js';
import { wakeTheme } from './theme.js';
import { keepTimes } from './times.js';
import { wakeToasts } from './toast.js';

keepTimes();
wakeToasts();
wakeMenus();
wakeTheme();
wakePalette();
