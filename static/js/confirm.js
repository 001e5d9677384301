// Asks before a button marked data-confirm sends its form.
addEventListener('click', (event) => {
  const button = event.target.closest('button[data-confirm]');
  if (!button || button.dataset.sure) { if (button) delete button.dataset.sure; return; }
  event.preventDefault();
  event.stopPropagation();
  ask(button);
}, true);

function ask(button) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  const question = document.createElement('p');
  question.id = 'confirm-question';
  question.textContent = button.dataset.confirm;
  dialog.setAttribute('aria-labelledby', question.id);
  const yes = choice('govuk-button', button.dataset.yes);
  const no = choice('govuk-button govuk-button--secondary', button.dataset.no);
  const row = document.createElement('div');
  row.className = 'actions';
  row.append(yes, no);
  dialog.append(question, row);
  document.body.append(dialog);
  no.addEventListener('click', () => dialog.close());
  yes.addEventListener('click', () => { dialog.close(); button.dataset.sure = '1'; button.click(); });
  dialog.addEventListener('close', () => { dialog.remove(); button.focus(); });
  dialog.showModal();
  no.focus(); // the safe answer is the one under the finger
}

function choice(name, text) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = name;
  button.textContent = text;
  return button;
}
