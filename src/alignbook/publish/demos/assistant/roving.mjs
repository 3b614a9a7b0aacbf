// One stop for the tabulator in a group of buttons; arrows lead from one to the next.

/** Make the buttons of a box, present and future, one stop; `stop(box, button)` says which button that is. */
export function roving(box) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  box.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const buttons = [...box.querySelectorAll("button")];
    const at = buttons.indexOf(event.target);
    if (step === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)];
    stop(box, next);
    next.focus();
  });
}

/** Let the tabulator stop at this button of a box. */
export function stop(box, button) {
  for (const other of box.querySelectorAll("button")) other.tabIndex = other === button ? 0 : -1;
}
