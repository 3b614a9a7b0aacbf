// The state of a demo as one short text: a table of fields says what it can be, and nothing else is taken.
//
// A field has the value to start with, and two functions: `write` gives a text without "~", `read` a value, or undefined
// for a text that is none.

const LONGEST = 2000;

/** A whole number in a range. */
export function whole(least, most, start = least) {
  return {
    start,
    write: String,
    read: (text) => (/^-?\d{1,9}$/.test(text) && +text >= least && +text <= most ? +text : undefined),
  };
}

/** A row of marks out of an alphabet such as "AB-". */
export function marks(alphabet, longest) {
  return {
    start: "",
    write: String,
    read: (text) => (text.length <= longest && [...text].every((mark) => alphabet.includes(mark)) ? text : undefined),
  };
}

/** A list of whole numbers in a range. */
export function wholes(least, most, longest) {
  const one = whole(least, most);
  return {
    start: [],
    write: (numbers) => numbers.join("."),
    read(text) {
      const numbers = text === "" ? [] : text.split(".").map(one.read);
      return numbers.length <= longest && !numbers.includes(undefined) ? numbers : undefined;
    },
  };
}

/** One of some texts, which hold neither "~" nor anything that an address would change. */
export function oneOf(values, start = values[0]) {
  return { start, write: String, read: (text) => (values.includes(text) ? text : undefined) };
}

/** Any text up to a length. */
export function text(longest, start = "") {
  return {
    start,
    write: (value) => value.replaceAll("%", "%25").replaceAll("~", "%7E"),
    read(written) {
      const value = written.replaceAll("%7E", "~").replaceAll("%25", "%");
      return value.length <= longest ? value : undefined;
    },
  };
}

/** The state that a demo begins in. */
export function begin(fields) {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.start]));
}

/** A state as a text; empty for the one that a demo begins in. */
export function write(fields, state) {
  const text = (from) => Object.entries(fields).map(([name, field]) => field.write(from[name])).join("~");
  const written = text(state);
  return written === text(begin(fields)) ? "" : written;
}

/** The state of a text; undefined for a text that no state has. */
export function read(fields, text) {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  if (text === "") return begin(fields);
  const names = Object.keys(fields);
  const parts = text.split("~");
  if (parts.length !== names.length) return undefined;
  const values = names.map((name, at) => fields[name].read(parts[at]));
  return values.includes(undefined) ? undefined : Object.fromEntries(names.map((name, at) => [name, values[at]]));
}
