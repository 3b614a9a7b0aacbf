// A button on every piece of code that puts it into the clipboard.

import { button, make } from "../../../publish/demos/shared/dom.mjs";
import { say, voice } from "../saying.mjs";

const CODE = "article .cell_input .highlight, article .highlight:not(.cell_output .highlight)";
const SHOWN = 2000; // milliseconds for which a button says that it has copied

export function startCopying() {
  const boxes = document.querySelectorAll(CODE);
  if (!boxes.length) return;
  const line = voice();
  document.querySelector("main").append(line);
  boxes.forEach((box, at) => {
    const code = box.querySelector("pre");
    const word = make("span", {}, "Copy");
    const copy = button(word, () => put(code, word, line), { class: "ab-copy" });
    copy.append(make("span", { class: "visually-hidden" }, ` code ${at + 1}`));
    box.classList.add("ab-copied-from");
    box.append(copy);
  });
}

async function put(code, word, line) {
  const text = code.textContent.replace(/\n$/, "");
  try {
    await navigator.clipboard.writeText(text);
    word.textContent = "Copied";
    say(line, "The code is in the clipboard.");
  } catch {
    getSelection().selectAllChildren(code);
    word.textContent = "Selected";
    say(line, "The code is selected, ready to be copied.");
  }
  setTimeout(() => {
    word.textContent = "Copy";
  }, SHOWN);
}
