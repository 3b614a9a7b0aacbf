// The lifecycle map: a ring of tabs, and a panel for the stage that is chosen.

import { button, make } from "../shared/dom.mjs";
import { DemoElement, define } from "../shared/element.mjs";
import { whole } from "../shared/state.mjs";
import { moved, passage } from "./logic.mjs";
import "./view.css";

class Lifecycle extends DemoElement {
  fields({ stations }) {
    return { at: whole(0, stations.length - 1) };
  }

  build({ stations }) {
    this.panel = make("div", { role: "tabpanel", id: `${this.key}-panel`, class: "ab-stage", tabindex: 0 });
    this.tabs = stations.map(({ stage }, at) =>
      button("", () => this.choose(at), { role: "tab", id: `${this.key}-tab-${at}`, "aria-controls": this.panel.id, class: `ab-station ab-station-${at}` }),
    );
    this.tabs.forEach((tab, at) =>
      tab.append(
        make("span", { class: "ab-station-number", "aria-hidden": "true" }, String(at + 1)),
        stations[at].stage,
        make("span", { class: "ab-way", "aria-hidden": "true" }),
      ),
    );
    const ring = make("div", { role: "tablist", "aria-label": "Stages", class: "ab-ring" }, ...this.tabs);
    ring.addEventListener("keydown", (event) => {
      const to = moved(this.state.at, event.key, stations.length);
      if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.choose(to);
      this.tabs[to].focus();
    });
    return [ring, make("p", { class: "ab-loop ab-muted" }, "From use, the way leads back to the first stage."), this.panel];
  }

  choose(at) {
    const { number, before, loops } = passage(at, this.data.stations);
    const from = loops ? `It begins anew with what was learned from use` : `It follows on: ${before.toLowerCase()}`;
    this.change({ at }, `Stage ${number}, ${this.data.stations[at].stage.toLowerCase()}. ${from}.`);
  }

  render({ at }, { stations }) {
    this.tabs.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === at));
      tab.tabIndex = place === at ? 0 : -1;
    });
    const { stage, into, out, wrong, number, page } = stations[at];
    this.panel.setAttribute("aria-labelledby", this.tabs[at].id);
    const parts = [["Goes in", into], ["Comes out", out], ["Can go wrong", wrong], ["Our assistant", number]];
    this.panel.replaceChildren(
      make("p", { class: "ab-stage-name" }, stage),
      make("dl", { class: "ab-parts simple" }, ...parts.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text)))),
      page ? make("p", {}, make("a", { href: `${page}.html` }, "Read the chapter")) : "",
    );
  }
}

define("ab-lifecycle", Lifecycle);
