// Copies a code. The button is hidden where copying is not possible.
function show(root) {
  if (navigator.clipboard) root.querySelectorAll('[data-copy][hidden]').forEach((button) => { button.hidden = false; });
}
addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
  const said = document.createElement('span');
  said.setAttribute('role', 'status');
  said.textContent = button.dataset.copied;
  button.parentElement.querySelector('[role=status]')?.remove();
  button.after(said);
  setTimeout(() => said.remove(), 4000);
});
show(document);
addEventListener('htmx:load', (event) => show(event.target));
