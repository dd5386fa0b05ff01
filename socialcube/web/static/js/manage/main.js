// The pages of server managers: times, toasts, colours, and waiting for Discord's word.

import { sendByItself } from '../pages/forms.js';
import { wakeMenus } from '../shell/menus.js';
import { watchPictures } from '../shell/pictures.js';
import { wakeTheme } from '../shell/theme.js';
import { keepTimes } from '../shell/times.js';
import { wakeToasts } from '../shell/toast.js';
import { waitForAnswer } from './waiting.js';

keepTimes();
watchPictures();
wakeToasts();
wakeMenus();
wakeTheme();
sendByItself(document);
waitForAnswer();
