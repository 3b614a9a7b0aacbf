// A quiz: which answers were given, what they are worth, and how the device keeps them as one short text.
//
// A question is {id, mark, letters, right}: the letters of its choices, and of the right ones. The answers to a quiz are
// one text for each question: the letters that were tried, the first one first; an empty text before any.

const RIGHT = ["Right.", "Well reasoned."]; // as alignbook.press.quiz.pages writes them
const LONGEST = 20_000;
const MOST_TRIES = 20;

/** Whether a verdict is that of a right choice. */
export function isRight(verdict) {
  return RIGHT.includes(verdict.trim());
}

/** A short mark of a question's texts: when they change, an old answer to them is forgotten. */
export function markOf(texts) {
  let mark = 0x811c9dc5; // FNV-1a
  for (const letter of texts.join("\n")) mark = Math.imul(mark ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return mark.toString(36);
}

/** The answers to a quiz after a choice: the first counts, and in a review those that follow a mistake. */
export function answered(answers, at, letter, questions, again) {
  const tried = answers[at];
  const open = tried === "" || (again && isMistake(tried, questions[at]));
  const longer = (tried.length < MOST_TRIES ? tried : tried.slice(0, -1)) + letter;
  return open ? answers.map((one, other) => (other === at ? longer : one)) : answers;
}

function isMistake(tried, question) {
  return tried !== "" && !question.right.includes(tried.at(-1));
}

/** How it stands: how many are answered, right at once and right later, and which are mistakes still. */
export function standing(answers, questions) {
  const given = answers.filter((tried) => tried !== "").length;
  const first = answers.filter((tried, at) => tried !== "" && questions[at].right.includes(tried[0])).length;
  const mistakes = questions.map((_, at) => at).filter((at) => isMistake(answers[at], questions[at]));
  return { asked: questions.length, given, first, later: given - first - mistakes.length, mistakes };
}

/** The answers as one text: how they stand, then each with its question; empty where there are none. */
export function write(answers, questions) {
  const { given, first } = standing(answers, questions);
  const parts = questions.map(({ id, mark }, at) => (answers[at] ? `~${id}:${mark}:${answers[at]}` : ""));
  return given ? `${given}.${first}${parts.join("")}` : "";
}

/** The answers of a text, but for those to questions that are no longer asked so; none where it is no such text. */
export function read(text, questions) {
  const found = new Map();
  if (text.length <= LONGEST) {
    for (const part of text.split("~").slice(1)) {
      const [id, mark, tried] = part.split(":");
      found.set(`${id}:${mark}`, tried);
    }
  }
  return questions.map(({ id, mark, letters }) => {
    const tried = found.get(`${id}:${mark}`) ?? "";
    return tried.length <= MOST_TRIES && [...tried].every((letter) => letters.includes(letter)) ? tried : "";
  });
}

/** What a text says of a quiz on another page: how many of so many questions are answered, and how many right at once. */
export function summary(text, asked) {
  const [, given, first] = /^(\d{1,3})\.(\d{1,3})~/.exec(text) ?? [];
  const fits = given !== undefined && +given >= 1 && +given <= asked && +first <= +given;
  return fits ? { asked, given: +given, first: +first } : null;
}
