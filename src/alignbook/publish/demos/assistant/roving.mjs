// One stop for the tabulator in a group of buttons; arrows lead from one to the next.

/** Make the buttons of a box, present and future, one stop; `choose` says which button that is. */
export function roving(box) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  box.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const buttons = [...box.querySelectorAll("button")];
    const at = buttons.indexOf(event.target);
    if (step === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)];
    next.tabIndex = 0;
    next.focus();
  });
}

/** Mark one of some buttons as pressed, and as the stop. What is as it should be is not touched: that would cost time. */
export function choose(buttons, chosen) {
  for (const one of buttons) {
    const pressed = String(one === chosen);
    if (one.getAttribute("aria-pressed") !== pressed) one.setAttribute("aria-pressed", pressed);
    if (one.tabIndex !== (one === chosen ? 0 : -1)) one.tabIndex = one === chosen ? 0 : -1;
  }
}
