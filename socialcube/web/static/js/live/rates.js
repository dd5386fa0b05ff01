// How much comes in each log, on its chip.

import { getJson } from '../shell/http.js';

const EVERY_MS = 10_000;

export function keepRates() {
  setInterval(refresh, EVERY_MS);
}

async function refresh() {
  if (document.hidden) return;
  try {
    const rates = await getJson('/admin/live/rates');
    for (const [stream, rate] of Object.entries(rates ?? {})) {
      const place = document.querySelector(`[data-rate="${CSS.escape(stream)}"]`);
      if (place && place.textContent !== rate) place.textContent = rate;
    }
  } catch {
    // They stay as they were; the status says how late the page is.
  }
}
