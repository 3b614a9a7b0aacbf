// A model as `export.py` writes it, unpacked: a tokenizer, and arrays of floats.

import { Tokenizer } from "./tokenizer.mjs";

/** The arrays of a transformer in their order, as alignbook.nn names them: name and shape. */
function shapes({ vocab_size, context, width, layers }) {
  const found = [["tokens", vocab_size, width], ["positions", context, width]];
  for (let layer = 0; layer < layers; layer++) {
    found.push([`${layer}.norm1`, width], [`${layer}.qkv`, width, 3 * width], [`${layer}.out`, width, width]);
    found.push([`${layer}.norm2`, width], [`${layer}.up`, width, 4 * width], [`${layer}.down`, 4 * width, width]);
  }
  return [...found, ["norm", width]];
}

const isTable = (name) => name === "tokens" || name === "positions";

/** Unpack a model: `{config, tokenizer, weights}`. */
export function unpack({ config, merges, special, packed }) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const floats = (count) => Float32Array.from({ length: count }, () => view.getFloat32((at += 4) - 4, true));
  const arrays = shapes(config);
  const scales = arrays.map(([name, rows, columns]) => floats(columns === undefined || isTable(name) ? rows : columns));
  const pairs = Array.from({ length: merges }, () => [view.getUint16((at += 4) - 4, true), view.getUint16(at - 2, true)]);
  const weights = {};
  arrays.forEach(([name, rows, columns], number) => {
    const scale = scales[number];
    if (columns === undefined) {
      weights[name] = scale;
      return;
    }
    const array = new Float32Array(rows * columns);
    for (let place = 0; place < array.length; place++) {
      array[place] = view.getInt8(at++) * scale[isTable(name) ? Math.floor(place / columns) : place % columns];
    }
    weights[name] = array;
  });
  if (at !== bytes.length) throw new RangeError(`a model of ${bytes.length} bytes, of which its size explains ${at}`);
  return { config, tokenizer: new Tokenizer(pairs, special), weights };
}
