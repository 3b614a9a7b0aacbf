// Makes the calls that a test asks for on standard input: {module, calls: [{function, arguments}]}.
import { readFileSync } from "node:fs";

const { module, calls } = JSON.parse(readFileSync(0, "utf8"));
const found = await import(module);

function made({ function: name, arguments: given }) {
  try {
    return { result: found[name](...given) ?? null };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}

process.stdout.write(JSON.stringify(calls.map(made), (key, value) => (Number.isFinite(value) || typeof value !== "number" ? value : String(value))));
