// Switches between the panes without loading the page again. The address follows, so a reload stays there.

/** Shows one of build, preview, try, versions. */
export function showPane(name) {
  const builder = document.querySelector('[data-builder]');
  builder.dataset.pane = name;
  for (const link of document.querySelectorAll('[data-pane-link]')) {
    const isShown = link.dataset.paneLink === name || (name === 'build' && link.closest('.tabs') && link.dataset.paneLink === 'preview');
    const isTab = link.closest('.tabs, .seg');
    if (isTab && isShown) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  const address = new URL(location.href);
  address.searchParams.set('pane', name);
  history.replaceState(null, '', address);
}
