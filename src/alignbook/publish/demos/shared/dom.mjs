// Elements, and numbers as readers see them.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with its attributes and children. Texts become text, never markup. `on…` adds a listener; `true` and
 * `false` set and leave out an attribute.
 */
export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for a part of a drawing. */
export function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** A button; `off` marks it as unavailable and leaves it where the focus can stay. */
export function button(label, onclick, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", (event) => {
    if (made.getAttribute("aria-disabled") !== "true") onclick(event);
  });
  return made;
}

export function enable(control, on) {
  if (on) control.removeAttribute("aria-disabled");
  else control.setAttribute("aria-disabled", "true");
}

/** Give a list so many children: those that are there stay, so that none loses the focus. */
export function fill(list, wanted, one) {
  while (list.children.length > wanted) list.lastElementChild.remove();
  while (list.children.length < wanted) list.append(one());
}

/** A list of facts: names, each with what stands beside it. */
export function facts() {
  return make("dl", { class: "ab-facts simple" });
}

export function tell(list, found) {
  list.replaceChildren(...found.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

/** A number with so many digits and a minus that is read as one. */
export function decimal(number, digits = 2, sign = false) {
  const text = Math.abs(number).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const zero = !/[1-9]/.test(text);
  if (number < 0 && !zero) return `\u2212${text}`;
  return sign && !zero ? `+${text}` : text;
}

export function percent(share, digits = 0) {
  return `${decimal(100 * share, digits)}%`;
}

/** "1 word", "2 words". */
export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
