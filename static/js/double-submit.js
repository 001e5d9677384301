// A form marked data-once is sent once: its buttons rest while the answer is on its way.
addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('form[data-once]') || event.defaultPrevented) return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = '1';
  // Only after the browser has collected the form's values, or the pressed button's value is lost.
  setTimeout(() => rest(form, true));
});
// A page taken from the history shows its buttons ready again.
addEventListener('pageshow', () => document.querySelectorAll('form[data-once]').forEach((form) => rest(form, false)));

function rest(form, on) {
  if (!on) delete form.dataset.sending;
  form.querySelectorAll('button[type=submit]').forEach((button) => {
    if (on) button.setAttribute('aria-disabled', 'true'); else button.removeAttribute('aria-disabled');
  });
}
