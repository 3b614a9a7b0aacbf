// A quiz as a form: every choice is a button, with its feedback below it; a bar says how it stands.
//
// The page holds each question with its choices, and its answer folded away. The parts of the answer move to where they
// belong; in print all of them are shown.

import { button, counted, enable, make } from "../../../publish/demos/shared/dom.mjs";
import { recall, remember } from "../device.mjs";
import { say, spoken, voice } from "../saying.mjs";
import { answered, isRight, markOf, read, standing, summary, write } from "./logic.mjs";
import "./quiz.css";

const keptAs = (name) => `quiz:${name}`;

/** One question: what it is for the logic, and how it looks. */
class QuestionView {
  constructor(box, choose) {
    this.box = box;
    this.heading = box.querySelector(".quiz-number");
    this.heading.id = `${box.id}-number`;
    const fold = box.querySelector("details");
    this.explanation = fold.querySelector(".quiz-explanation");
    const feedback = fold.querySelectorAll(".quiz-feedback > li");
    this.choices = [...box.querySelectorAll(".quiz-choices > li")].map((item, at) =>
      choiceOf(item, feedback[at], String.fromCharCode(65 + at), `${box.id}-${at}`, (letter) => choose(this, letter)),
    );
    const parts = [...box.children].filter((part) => part !== fold).map(spoken);
    this.question = {
      id: box.id,
      mark: markOf([...parts, ...this.choices.map(({ right }) => String(right))]),
      letters: this.choices.map(({ letter }) => letter).join(""),
      right: this.choices.filter(({ right }) => right).map(({ letter }) => letter).join(""),
    };
    this.outcome = make("span", { class: "quiz-outcome" });
    this.heading.append(" ", this.outcome);
    fold.replaceWith(this.explanation);
    Object.entries({ role: "group", "aria-labelledby": this.heading.id, tabindex: "-1" }).forEach((pair) => box.setAttribute(...pair));
  }

  /** Show the feedback of the choices that were looked at; the explanation once there is any. */
  show(looked, tried) {
    for (const choice of this.choices) {
      const open = looked.includes(choice.letter);
      choice.said.hidden = !open;
      choice.item.classList.toggle("quiz-right", open && choice.right);
      choice.item.classList.toggle("quiz-wrong", open && !choice.right);
      choice.item.classList.toggle("quiz-mine", open && tried.at(-1) === choice.letter);
      if (open) choice.button.setAttribute("aria-describedby", choice.said.id);
      else choice.button.removeAttribute("aria-describedby");
    }
    this.explanation.hidden = looked === "";
    const right = this.question.right.includes(tried.at(-1));
    this.outcome.textContent = looked === "" ? "" : right ? (tried.length > 1 ? "right later" : "right at once") : "to review";
  }
}

/** Make a choice a button, with its feedback below it. */
function choiceOf(item, feedback, letter, id, choose) {
  const text = make("span", { class: "quiz-text" }, ...item.querySelector("p").childNodes);
  const control = button("", () => choose(letter), { class: "quiz-choice" });
  control.append(make("span", { class: "quiz-letter" }, letter), text);
  const said = make("div", { class: "quiz-said", id, hidden: true }, ...feedback.childNodes);
  item.replaceChildren(control, said);
  return { item, letter, button: control, said, right: isRight(said.querySelector(".quiz-verdict").textContent) };
}

class QuizView {
  constructor(box) {
    this.box = box;
    this.name = keptAs(box.dataset.quiz);
    this.views = [...box.querySelectorAll(".quiz-question")].map(
      (question) => new QuestionView(question, (view, letter) => this.choose(this.views.indexOf(view), letter)),
    );
    this.questions = this.views.map(({ question }) => question);
    this.answers = read(recall(this.name), this.questions);
    this.looked = [...this.answers];
    this.reviewed = null;
    this.before = null;
    this.build();
    this.show();
    box.classList.add("quiz-ready");
  }

  build() {
    this.meter = make("progress", { max: this.questions.length, "aria-label": "Questions answered" });
    this.score = make("p", { class: "quiz-score" });
    this.reviewButton = button("Review my mistakes", () => (this.reviewed ? this.leaveReview() : this.review()));
    this.againButton = button("Start over", () => (this.before ? this.bringBack() : this.startOver()));
    this.voice = voice();
    this.box.append(
      make("div", { class: "quiz-bar ab-live", role: "group", "aria-label": "Your answers" },
        this.meter, this.score, make("div", { class: "ab-row" }, this.reviewButton, this.againButton),
        make("p", { class: "quiz-note" }, "The first answer to a question counts; look at the others as you like. "
          + "Your answers stay on this device."),
        this.voice),
    );
  }

  choose(at, letter) {
    if (this.looked[at] === "") {
      this.answers = answered(this.answers, at, letter, this.questions, this.reviewed !== null);
      this.before = null;
      remember(this.name, write(this.answers, this.questions));
    }
    this.looked[at] += letter;
    this.show();
    const choice = this.views[at].choices.find((one) => one.letter === letter);
    say(this.voice, `${letter}. ${spoken(choice.said)} The explanation stands below the choices. ${this.score.textContent}`);
  }

  review() {
    this.reviewed = standing(this.answers, this.questions).mistakes;
    for (const at of this.reviewed) this.looked[at] = "";
    this.show();
    this.views[this.reviewed[0]].box.focus();
    say(this.voice, `${counted(this.reviewed.length, "question")} to answer again.`);
  }

  leaveReview() {
    this.reviewed = null;
    this.looked = this.looked.map((letters, at) => letters || this.answers[at]);
    this.show();
    say(this.voice, `All ${this.questions.length} questions are shown.`);
  }

  startOver() {
    this.before = this.answers;
    this.set(this.answers.map(() => ""), "All your answers here are forgotten.");
  }

  bringBack() {
    const answers = this.before;
    this.before = null;
    this.set(answers, "Your answers are back.");
  }

  set(answers, said) {
    this.answers = answers;
    this.looked = [...answers];
    this.reviewed = null;
    remember(this.name, write(answers, this.questions));
    this.show();
    say(this.voice, said);
  }

  show() {
    this.views.forEach((view, at) => {
      view.show(this.looked[at], this.answers[at]);
      view.box.hidden = this.reviewed !== null && !this.reviewed.includes(at);
    });
    const { asked, given, first, later, mistakes } = standing(this.answers, this.questions);
    this.meter.value = given;
    const parts = [`${first} right at once`, later && `${later} right later`, mistakes.length && `${mistakes.length} to review`];
    this.score.textContent = `${given} of ${asked} answered${given ? `: ${parts.filter(Boolean).join(", ")}` : ""}.`;
    this.reviewButton.textContent = this.reviewed ? "Show all questions" : "Review my mistakes";
    enable(this.reviewButton, this.reviewed !== null || mistakes.length > 0);
    this.againButton.textContent = this.before ? "Bring my answers back" : "Start over";
    enable(this.againButton, this.before !== null || given > 0);
  }
}

/** Say in the list of quizzes how far one has come with each. */
function showProgress(item) {
  const found = summary(recall(keptAs(item.dataset.quizListed)), Number(item.dataset.questions));
  if (found) item.append(` \u2013 ${found.given} answered, ${found.first} right at once`);
}

export function startQuizzes() {
  for (const box of document.querySelectorAll(".quiz")) new QuizView(box);
  for (const item of document.querySelectorAll("[data-quiz-listed]")) showProgress(item);
}
