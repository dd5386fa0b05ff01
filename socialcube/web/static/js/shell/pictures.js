// Says on each picture what became of it, so that initials show exactly where there is none.
//
// Events of images do not bubble, but a listener on the document hears them on their way down: also those of parts
// that a page fetches later.

export function watchPictures() {
  document.addEventListener('load', (event) => note(event.target), true);
  document.addEventListener('error', (event) => note(event.target), true);
  for (const picture of document.querySelectorAll('.avatar > img')) {
    // Those that were there, or gone, before this module ran.
    if (picture.complete) note(picture);
  }
}

function note(target) {
  if (!(target instanceof HTMLImageElement) || !target.matches('.avatar > img')) return;
  target.dataset.picture = target.naturalWidth > 0 ? 'shown' : 'failed';
}
