// Proof of trouble taken (portal/web/proof.py): finds a number for which SHA-256("challenge:number")
// begins with enough zero bits. Works in small slices beside the reader's typing; without it (no script,
// no secure context) the form is accepted after a short wait instead.
//
//   <form … data-proof> <input type="hidden" name="proof" value="p1.14.…">
//                       <input type="hidden" name="proof_answer" value=""> </form>

const SLICE = 64;
const PATIENCE = 20000;
const encoder = new TextEncoder();

const prepared = new WeakSet();
const pause = () => new Promise((resolve) => setTimeout(resolve));

function zeroBits(bytes) {
  let bits = 0;
  for (const byte of bytes) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

async function solve(challenge, difficulty) {
  for (let number = 0; ; number += SLICE) {
    const slice = Array.from({ length: SLICE }, (_, step) => number + step);
    const digests = await Promise.all(
      slice.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${n}`)))
    );
    const found = digests.findIndex((digest) => zeroBits(new Uint8Array(digest)) >= difficulty);
    if (found >= 0) return String(number + found);
    await pause();
  }
}

function prepare(form) {
  const challenge = form.elements.proof;
  const answer = form.elements.proof_answer;
  if (!challenge || !answer || prepared.has(form) || !globalThis.crypto?.subtle) return;
  prepared.add(form);
  let solving = null;

  const begin = () => {
    solving ??= solve(challenge.value, Number(challenge.value.split(".")[1])).then((number) => {
      answer.value = number;
    });
    return solving;
  };

  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener(
    "submit",
    async (event) => {
      if (answer.value || form.dataset.proof === "late") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      form.setAttribute("aria-busy", "true");
      await Promise.race([begin(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
      form.removeAttribute("aria-busy");
      if (!answer.value) form.dataset.proof = "late";
      form.requestSubmit(submitter);
    },
    { capture: true }
  );
}

const prepareAll = () => document.querySelectorAll("form[data-proof]").forEach(prepare);

prepareAll();
document.addEventListener("htmx:load", prepareAll);
