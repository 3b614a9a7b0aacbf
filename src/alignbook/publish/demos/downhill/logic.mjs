// One neuron's way downhill; the same as walking.py beside it, to which tests hold it.

function chanceOf(logit) {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** The loss in bits and its gradient in nats at a weight and a bias. */
export function stand(kinds, w, b) {
  let [bits, dw, db] = [0, 0, 0];
  for (const [x, right, share] of kinds) {
    const logit = w * x + b;
    const against = right ? -logit : logit;
    bits += (share * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against))))) / Math.LN2;
    const error = share * (chanceOf(logit) - right);
    dw += error * x;
    db += error;
  }
  return { w, b, bits, dw, db };
}

/** Where gradient descent stands before the first step and after each. */
export function walk(kinds, w, b, rate, steps) {
  const way = [stand(kinds, w, b)];
  for (let step = 0; step < steps; step += 1) {
    const last = way[way.length - 1];
    way.push(stand(kinds, last.w - rate * last.dw, last.b - rate * last.db));
  }
  return way;
}

/** What the chances of a vowel are after a vowel and after a consonant. */
export function says({ w, b }) {
  return [chanceOf(w + b), chanceOf(b - w)];
}

/** Whether a point lies on the map. */
export function onMap({ w, b }, [low, high]) {
  return w >= low && w <= high && b >= low && b <= high;
}

/** How a walk stands: whether it has arrived within a tolerance of the best, left the map, or went up with its last step. */
export function verdict(way, best, tolerance, span) {
  const last = way[way.length - 1];
  if (last.bits <= best + tolerance) return "arrived";
  if (!onMap(last, span)) return "off the map";
  if (way.length > 1 && last.bits > way[way.length - 2].bits) return "uphill";
  return "on its way";
}

/** A point of the map for a place on its picture, to a tenth; both go from 0 to 1, from the left and from the top. */
export function pointAt(across, down, [low, high]) {
  const tenths = (value) => Math.round(10 * Math.min(high, Math.max(low, value)));
  return [tenths(low + across * (high - low)), tenths(high - down * (high - low))];
}

/** Where a point stands on a picture of so many units, from the left and from the top. */
export function placeOf({ w, b }, [low, high], units) {
  return [((w - low) / (high - low)) * units, ((high - b) / (high - low)) * units];
}

/** A place on the picture or, for one beyond it, the nearest a little inside its edge. */
export function reach(place, units) {
  return place.map((value) => Math.min(units - 3, Math.max(3, value)));
}

/** So many steps more, and no more than the most. */
export function limited(steps, more, most) {
  return Math.min(most, steps + more);
}
