// A walk round the stages: the last leads back to the first.

const STEPS = new Map([["ArrowRight", 1], ["ArrowDown", 1], ["ArrowLeft", -1], ["ArrowUp", -1]]);

/** Where a key leads from a stage, of so many; undefined for a key that leads nowhere. */
export function moved(at, key, stages) {
  if (key === "Home") return 0;
  if (key === "End") return stages - 1;
  const step = STEPS.get(key);
  return step === undefined ? undefined : (at + step + stages) % stages;
}

/** What is said of a stage: its number in the row, and what came before it. */
export function passage(at, stations) {
  const before = stations[(at + stations.length - 1) % stations.length].stage;
  return { number: at + 1, before, loops: at === 0 };
}
