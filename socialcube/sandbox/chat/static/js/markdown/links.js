/**
 * Which addresses may become links.
 * @module markdown/links
 */

/**
 * Gives a link's address when it is safe to follow, else null.
 * @param {string} address as somebody typed it
 * @returns {string | null} an absolute http or https address
 */
export function safeHref(address) {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * Tells whether a picture may be loaded: only from this very server, since the page's policy allows no other.
 * @param {string} address
 */
export function isOwnPicture(address) {
  const href = safeHref(address);
  return href !== null && new URL(href).origin === location.origin;
}
