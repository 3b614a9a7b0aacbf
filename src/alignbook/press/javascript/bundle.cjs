// Joins modules into one classic script and one stylesheet. The arguments: the folder of esbuild, and a request as JSON:
// `entries` (modules, relative to `root`, in the order in which they run) and `out` (the script; the stylesheet goes
// beside it). What is wrong goes to standard output as JSON, with file and line; what esbuild only warns of counts, too.
"use strict";

const [, , folder, request] = process.argv;
const { entries, root, out } = JSON.parse(request);
const esbuild = require(folder);

const options = {
  absWorkingDir: root,
  bundle: true,
  charset: "utf8",
  format: "iife",
  legalComments: "none",
  loader: { ".mjs": "js" },
  logLevel: "silent",
  minify: true,
  outfile: out,
  stdin: { contents: entries.map((entry) => `import ${JSON.stringify(`./${entry}`)};`).join("\n"), resolveDir: root },
  target: ["es2020"],
};

function described({ text, location }) {
  return { text, file: location?.file ?? ".", line: location?.line ?? 1 };
}

esbuild
  .build(options)
  .then(({ warnings }) => warnings.map(described), (failure) => failure.errors?.map(described) ?? Promise.reject(failure))
  .then((errors) => process.stdout.write(JSON.stringify({ errors })));
