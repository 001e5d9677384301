// Proof of trouble taken (portal/web/proof.py): finds a number for which SHA-256("challenge:number")
// begins with enough zero bits, in small slices beside the reader's typing. Without it (no script, no
// secure context) the form is accepted after a short wait instead. The form: data-proof, with hidden
// inputs `proof` (the challenge) and `proof_answer` (empty).

const SLICE = 64;
const PATIENCE = 20000;
const encoder = new TextEncoder();
const prepared = new WeakSet();
const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function zeroBits(bytes) {
  const first = bytes.findIndex((byte) => byte);
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first]) - 24;
}

async function solve(challenge, difficulty) {
  const meets = (digest) => zeroBits(new Uint8Array(digest)) >= difficulty;
  for (let number = 0; ; number += SLICE) {
    const texts = Array.from({ length: SLICE }, (_, step) => `${challenge}:${number + step}`);
    const digests = texts.map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text)));
    const found = (await Promise.all(digests)).findIndex(meets);
    if (found >= 0) return String(number + found);
    await after(0);
  }
}

function prepare(form) {
  const { proof, proof_answer: answer } = form.elements;
  if (!proof || !answer || prepared.has(form) || !globalThis.crypto?.subtle) return;
  prepared.add(form);
  let solving = null;
  const begin = () => (solving ??= solve(proof.value, Number(proof.value.split(".")[1])));
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", holdBack, { capture: true });

  async function holdBack(event) {
    if (answer.value || form.dataset.proof === "late") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    form.setAttribute("aria-busy", "true");
    await after(0); // a form that is still being submitted cannot be submitted again
    answer.value = (await Promise.race([begin(), after(PATIENCE)])) ?? "";
    form.removeAttribute("aria-busy");
    if (!answer.value) form.dataset.proof = "late";
    form.requestSubmit(submitter);
  }
}

const prepareAll = () => document.querySelectorAll("form[data-proof]").forEach(prepare);
prepareAll();
document.addEventListener("htmx:load", prepareAll);
