// Renders formulas: one JSON request a line on standard input, one JSON answer a line on standard output.
// The arguments: the folder of KaTeX, and the macros as JSON. Ends when standard input does.
"use strict";

const [, , folder, macros] = process.argv;
const katex = require(folder);

function answer({ tex, display }) {
  const options = {
    displayMode: display,
    macros: JSON.parse(macros), // a fresh copy: a formula must not change the macros of the next
    strict: "error", // what KaTeX takes and LaTeX does not would break the PDF
    throwOnError: true,
  };
  try {
    return { html: katex.renderToString(tex, options) };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, position: error.position ?? null };
  }
}

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
