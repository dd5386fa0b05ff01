// The page of a group of bots: its small forms work in place.

import { sendInPlace } from '../pages/forms.js';
import { Regions } from '../pages/regions.js';
import { wakeComboboxes } from '../ui/combobox.js';

const regions = new Regions();
sendInPlace(() => regions.refresh());
wakeComboboxes(document);
