// What helps the reader on every page. Where one part fails, the others and the demos go on.

import { startCopying } from "./aids/copying.mjs";
import { startProgress } from "./aids/progress.mjs";
import { startShortcuts } from "./aids/shortcuts.mjs";
import { startTips } from "./aids/tips.mjs";
import { startBets } from "./bets/view.mjs";
import { startQuizzes } from "./quiz/view.mjs";
import "./reader.css";

for (const start of [startBets, startQuizzes, startTips, startCopying, startProgress, startShortcuts]) {
  try {
    start();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
