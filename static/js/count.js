// Says how many characters are left in a box with a limit. Without it the limit stands there as text.
// Counts code points as Python does, and a line break as one character.
const length = (text) => [...text].length;
let waiting;
function say(box, now) {
  const line = document.getElementById(box.id + '-count');
  if (!line) return;
  const left = box.dataset.limit - length(box.value);
  const words = left < 0 ? line.dataset.over : line.dataset.left;
  line.textContent = words.replace('{n}', Math.abs(left).toLocaleString());
  line.classList.toggle('is-over', left < 0);
  if (now) return;
  // Read out only after a pause in typing.
  line.removeAttribute('aria-live');
  clearTimeout(waiting);
  waiting = setTimeout(() => { line.setAttribute('aria-live', 'polite'); line.textContent += '\u00a0'; }, 1200);
}
addEventListener('input', (event) => { if (event.target.matches('[data-limit]')) say(event.target); });
document.querySelectorAll('[data-limit]').forEach((box) => say(box, true));
addEventListener('htmx:load', (event) => event.target.querySelectorAll('[data-limit]').forEach((box) => say(box, true)));
