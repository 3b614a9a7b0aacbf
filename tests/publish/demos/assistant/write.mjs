// Lets the page's engine write: {script, modules, texts, draws, settings} on standard input, a line of JSON for each text.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const { script, modules, texts, draws, settings } = JSON.parse(readFileSync(0, "utf8"));
const { unpack } = await import(`${modules}/model.mjs`);
const { Writing } = await import(`${modules}/writing.mjs`);

const packed = (floats) => Buffer.from(floats.buffer).toString("base64");

runInThisContext(script); // a classic script, as in the page
const [model] = Object.values(globalThis.alignbookModels).map(unpack);
const start = performance.now();
let steps = 0;
for (const [at, text] of texts.entries()) {
  const writing = new Writing(model, text, { ...settings, draw: draws?.[at] });
  for (; !writing.done; steps++) writing.step();
  const { ids, prompt, stopped, scores, reader } = writing;
  const logits = scores.map(packed);
  const looked = reader.looked.map(packed);
  console.log(JSON.stringify({ ids, prompt, stopped, text: writing.text, logits, looked }));
}
console.error(`${Math.round((1000 * steps) / (performance.now() - start))} tokens a second`);
