/**
 * The side panes on narrow screens: closed ones cannot be reached, Escape and a tap beside them close.
 * @module drawers
 */
import { h } from './dom.js';

const NARROW = matchMedia('(max-width: 760px)');
const NO_ROOM_FOR_MEMBERS = matchMedia('(max-width: 1100px)');

/**
 * @param {ReturnType<import('./store.js').createStore>} store
 * @param {HTMLElement} shell
 * @param {{nav: HTMLElement, members: HTMLElement}} panes
 */
export function mountDrawers(store, shell, panes) {
  const veil = h('div', { class: 'veil', on: { click: () => store.set({ drawer: '' }) } });
  shell.append(veil);
  let opener = null;

  const update = ({ drawer, me }) => {
    shell.dataset.drawer = drawer;
    shell.hidden = !me;
    panes.nav.inert = NARROW.matches && drawer !== 'nav';
    panes.members.inert = NO_ROOM_FOR_MEMBERS.matches && drawer !== 'members';
  };
  store.watch(['drawer', 'me'], update);
  store.watch(['drawer'], ({ drawer }) => {
    if (drawer) {
      opener ??= document.activeElement;
      panes[drawer].querySelector('a, button')?.focus();
    } else {
      opener?.focus?.();
      opener = null;
    }
  });
  for (const query of [NARROW, NO_ROOM_FOR_MEMBERS]) query.addEventListener('change', () => update(store.get()));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && store.get().drawer) store.set({ drawer: '' });
  });
}
