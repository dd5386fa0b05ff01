// Shows at once how a bot will look at Discord: its presence, and pictures before they are sent.

/** Paints the preview of the presence while somebody chooses. */
export function previewPresence() {
  const form = document.querySelector('form[data-presence]');
  if (!form) return;
  const dot = form.querySelector('[data-dot]');
  const line = form.querySelector('[data-line]');
  const { activity, text } = form.elements;
  const paint = () => {
    dot.dataset.status = form.elements.status.value;
    const prefix = activity.selectedOptions[0]?.dataset.prefix ?? '';
    line.textContent = activity.value ? `${prefix} ${text.value}`.trim() : '';
    text.required = Boolean(activity.value);
    text.disabled = !activity.value;
  };
  form.addEventListener('input', paint);
  form.addEventListener('change', paint);
  // A text without an activity is not sent: fields that are switched off never are.
  paint();
}

/** Draws a chosen picture in its frame. A canvas takes it without an address that the page would have to allow. */
export function previewPictures() {
  document.addEventListener('change', ({ target }) => {
    if (target.matches('[data-picture-of]')) preview(target);
  });
  // Somebody may have chosen one before this script came.
  for (const input of document.querySelectorAll('[data-picture-of]')) preview(input);
}

async function preview(input) {
  if (!input.files.length) return;
  const frame = document.querySelector(`[data-frame="${input.dataset.pictureOf}"]`);
  try {
    frame.replaceChildren(await draw(input.files[0], frame));
  } catch {
    // The server says what is wrong with it; the frame stays as it is.
  }
}

/** Stops keeping the form fresh once Discord has answered: a file that somebody chose would go with it. */
export function settleProfile() {
  const form = document.querySelector('#profile[data-region]');
  if (form && !form.dataset.job) form.removeAttribute('data-region');
}

async function draw(file, frame) {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  canvas.width = frame.clientWidth * 2;
  canvas.height = frame.clientHeight * 2;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Chosen: ${file.name}`);
  // As Discord does, it fills the frame and is cut at the longer sides.
  const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const place = canvas.getContext('2d');
  place.drawImage(bitmap, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  bitmap.close();
  return canvas;
}
