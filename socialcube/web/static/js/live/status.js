// "live · 0.2 s" or "delayed · 14 s", beside the title.

const LEAST = 0.1;

export function showStatus(live) {
  const box = document.querySelector('[data-status]');
  const words = box.querySelector('[data-status-words]');
  live.onStatus(({ state, delaySeconds }) => {
    box.hidden = false;
    box.classList.toggle('late', state === 'delayed');
    box.classList.toggle('ended', state === 'ended');
    words.textContent = say(state, delaySeconds);
  });
}

function say(state, seconds) {
  if (state === 'ended') return 'signed out: sign in again';
  if (state === 'live') return `live · ${Math.max(seconds, LEAST).toFixed(1)} s`;
  return `delayed · ${Math.max(1, Math.round(seconds))} s`;
}
