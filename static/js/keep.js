// Keeps what is being typed in an act's form, in this tab only, until it was done: signing in anew or a
// closed page loses nothing. The case page names what was done (data-forget), and that is forgotten.
const form = document.querySelector('form#act');
const key = (path) => 'typed:' + path;

if (form) {
  const boxes = () => [...form.querySelectorAll('textarea, input[type=text]')].filter((box) => box.name);
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(location.pathname)) ?? '{}');
    for (const box of boxes()) if (!box.value && kept[box.name]) box.value = kept[box.name];
  } catch { sessionStorage.removeItem(key(location.pathname)); }
  form.addEventListener('input', () => {
    const typed = Object.fromEntries(boxes().filter((box) => box.value).map((box) => [box.name, box.value]));
    sessionStorage.setItem(key(location.pathname), JSON.stringify(typed));
  });
}
for (const done of document.querySelectorAll('[data-forget]')) sessionStorage.removeItem(key(done.dataset.forget));
addEventListener('submit', (event) => { if (event.target.action?.endsWith('/sign-out')) sessionStorage.clear(); });
