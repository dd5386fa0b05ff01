/**
 * Who, which server and which channel, kept in the address: a reload keeps them, and two tabs can be two people.
 * @module route
 */

/** @typedef {{as: string, server: string, channel: string}} Route */

/** @returns {Route} what the address says; empty strings where it says nothing */
export function readRoute() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { as: parts.get('as') ?? '', server: parts.get('server') ?? '', channel: parts.get('channel') ?? '' };
}

/**
 * Gives the link to a place.
 * @param {Partial<Route>} route
 */
export function hrefTo(route) {
  const parts = Object.entries(route).filter(([, value]) => value);
  return `#${new URLSearchParams(parts)}`;
}

/**
 * Puts a place into the address without a new history entry: it only completes what the person chose.
 * @param {Partial<Route>} route
 */
export function completeRoute(route) {
  const href = hrefTo(route);
  if (location.hash !== href) history.replaceState(null, '', href);
}
