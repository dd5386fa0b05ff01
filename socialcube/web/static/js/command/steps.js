// The keyboard and the pointer in the editor: one open card, moving, inserting names.

/** Opens the card of a place and everything around it. */
export function openPlace(place) {
  const cards = [...document.querySelectorAll('[data-place]')];
  const around = cards.filter(({ dataset }) => place === dataset.place || place.startsWith(`${dataset.place}.`) || place.startsWith(`${dataset.place}[`));
  const target = place.startsWith('option') || !around.length ? [document.querySelector('#at-trigger > details'), ...around] : around;
  for (const card of target) card.open = true;
  const field = document.getElementById(place.replace(/^steps.*/, place)) ?? target.at(-1)?.querySelector('summary');
  (field?.matches?.('input, textarea, select, summary') ? field : target.at(-1)?.querySelector('summary'))?.focus();
  target.at(-1)?.scrollIntoView({ block: 'nearest' });
}

/** Gives the places whose cards are open. */
export const openPlaces = () => [...document.querySelectorAll('[data-place][open]')].map(({ dataset }) => dataset.place);

/** Opens a card that was open before it was drawn anew; the focus stays where it is. */
export function reopenPlace(place) {
  document.querySelector(`[data-place="${CSS.escape(place)}"]`)?.setAttribute('open', '');
}

/** Gives the button that Alt and an arrow stand for, null for other keys. */
export function moveButton(event) {
  const way = { ArrowUp: 'up', ArrowDown: 'down' }[event.key];
  if (!way || !event.altKey || event.ctrlKey || event.metaKey) return null;
  const card = event.target.closest('[data-step]');
  return card?.querySelector(`:scope > .acts [data-move="${way}"]`) ?? null;
}

/** Remembers the text field that was last typed into, for inserting names. */
export class Inserter {
  #last = null;

  noteFocus(target) {
    if (target.matches?.('[data-template], .steps input.input, .steps textarea')) this.#last = target;
  }

  /** Puts a name where the cursor was: in that field if it belongs to the same step, else in the step's first. */
  insert(button) {
    const card = button.closest('[data-step]');
    const own = this.#last?.isConnected && card.contains(this.#last) ? this.#last : null;
    const field = own ?? card.querySelector('[data-template]');
    if (!field) return;
    field.focus();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
}
