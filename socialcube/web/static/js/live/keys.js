// J K move, Enter opens, Escape closes, Space pauses, / filters. Where somebody types, keys are letters.

const TYPING = 'input, textarea, select, [contenteditable]';
const BUTTONS = 'button, a[href], summary';

export function listenToKeys({ move, open, close, pause, search }) {
  const doing = { j: () => move(1), k: () => move(-1), '/': search };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const { target, key } = event;
    if (key === 'Escape') {
      if (target.matches?.(TYPING)) target.blur();
      else close();
      return;
    }
    if (target.matches?.(TYPING)) return;
    const isOnButton = target.matches?.(BUTTONS);
    const action = doing[key.toLowerCase()]
      ?? (key === 'Enter' && !isOnButton ? open : null)
      ?? (key === ' ' && !isOnButton ? pause : null);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
