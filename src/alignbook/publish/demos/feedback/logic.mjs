// A reward model at its smallest; the same as learning.py beside it, to which tests hold it.

export function chance(margin) {
  return margin >= 0 ? 1 / (1 + Math.exp(-margin)) : Math.exp(margin) / (1 + Math.exp(margin));
}

/** Its natural logarithm, also where it is too small for a number. */
export function logChance(margin) {
  return Math.min(margin, 0) - Math.log1p(Math.exp(-Math.abs(margin)));
}

export function reward(weights, traits) {
  return weights.reduce((sum, weight, at) => sum + weight * traits[at], 0);
}

/** What each pick did: the chance that the picked answer had, and the weights afterwards. */
export function course(rounds, picks, rate) {
  let weights = rounds[0].answers[0].traits.map(() => 0);
  return [...picks].slice(0, rounds.length).map((pick, at) => {
    if (pick === "-") return { expected: null, weights };
    const [a, b] = rounds[at].answers;
    const [better, worse] = pick === "A" ? [a, b] : [b, a];
    const expected = chance(reward(weights, better.traits) - reward(weights, worse.traits));
    weights = weights.map((weight, t) => weight + rate * (1 - expected) * (better.traits[t] - worse.traits[t]));
    return { expected, weights };
  });
}

/** The places of answers, that with the highest reward first. */
export function ranked(answers, weights) {
  const rewards = answers.map((answer) => reward(weights, answer.traits));
  return answers.map((_, at) => at).sort((one, other) => rewards[other] - rewards[one]);
}

/** For each trait: in how many rounds only one answer had more of it, and how often that one was picked. */
export function tally(rounds, picks) {
  return rounds[0].answers[0].traits.map((_, trait) => {
    let [shown, chosen] = [0, 0];
    [...picks].slice(0, rounds.length).forEach((pick, at) => {
      const more = rounds[at].answers[0].traits[trait] - rounds[at].answers[1].traits[trait];
      if (pick === "-" || more === 0) return;
      shown += 1;
      chosen += Number((pick === "A") === more > 0);
    });
    return [shown, chosen];
  });
}

/** How probable each kind of rater is to have made the picks. */
export function likeness(rounds, picks) {
  let logs = rounds[0].margins.map(() => 0);
  [...picks].slice(0, rounds.length).forEach((pick, at) => {
    if (pick === "-") return;
    logs = logs.map((log, kind) => log + logChance(pick === "A" ? rounds[at].margins[kind] : -rounds[at].margins[kind]));
  });
  const top = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
