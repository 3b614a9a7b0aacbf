// A bet: what a guess is worth beside the result, and how the device keeps it as a short text.

/** The reader looked without a bet. */
export const LOOKED = "-";

/** The number of a text, if it is one between two others. */
export function numberIn(text, least, most) {
  const number = /^\s*-?\d{1,12}(\.\d{1,6})?\s*$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : null;
}

/** A kept guess, if it is one that could be made: looking, a letter, or a number in a range. */
export function guessIn(text, letters, range) {
  const fits = text === LOOKED || (range ? numberIn(text, ...range) !== null : text.length === 1 && letters.includes(text));
  return fits ? text : "";
}

/** How far a guess is from the result, in which direction, and where both lie in the range, from 0 to 1. */
export function compared(guess, result, least, most) {
  const place = (number) => Math.min(1, Math.max(0, (number - least) / (most - least)));
  const gap = Number(Math.abs(guess - result).toPrecision(6));
  return { gap, side: gap === 0 ? "same" : guess < result ? "low" : "high", guessAt: place(guess), resultAt: place(result) };
}

/** A number with a minus that is read as one. */
export function signed(number) {
  return String(number).replace("-", "\u2212");
}

/** What a guessed number is worth, in words; `shown` is the result as the page shows it. */
export function saidOfNumber(guess, result, shown, unit, least, most) {
  const { gap, side } = compared(guess, result, least, most);
  const own = `${signed(guess)}${unit === "%" ? "%" : ""}`;
  if (side === "same") return `You bet ${own}, and ${shown} it is.`;
  const named = unit === "%" ? (gap === 1 ? "point" : "points") : unit;
  return `You bet ${own}, and it is ${shown}: ${gap} ${named && `${named} `}too ${side}.`;
}

/** The same of a letter. */
export function saidOfLetter(guess, right) {
  return guess === right ? `You bet on ${guess}, and ${right} it is.` : `You bet on ${guess}, and it is ${right}.`;
}
