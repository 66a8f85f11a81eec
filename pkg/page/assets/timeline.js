// The timeline: denials of the items that are shown, before those of all.

const mostBars = 120;
const chart = { width: 1000, height: 96, widest: 40 };

class Timeline {
  // The timeline stays away where no item has days, or all have one or two.
  constructor(place, doc) {
    const span = spanOfAll(doc);
    if (!span || isBrief(span)) return;
    this.stretches = bins(span, mostBars);
    this.counts = binned(this.stretches, totals(doc.items));
    this.top = Math.max(...this.counts);
    this.lay(place, span);
  }

  lay(place, span) {
    this.caption = element("p", { class: "caption" });
    this.shown = drawing("path", { class: "shown" });
    this.picture = drawing("svg", { viewBox: "0 0 1000 96", preserveAspectRatio: "none", role: "img" },
      drawing("path", { class: "every", d: bars(this.counts, this.top, chart) }), this.shown);
    this.table = element("tbody");
    place.append(
      element("div", { class: "linehead" }, element("h2", { id: "timeline-name" }, "Denials by " + this.unit()), this.caption),
      element("p", { class: "scale", "aria-hidden": "true" }, formatNumber(this.top)),
      element("div", { class: "chart" }, this.picture),
      element("p", { class: "axis", "aria-hidden": "true" }, element("span", {}, formatDate(span.first)), element("span", {}, formatDate(span.last))),
      this.asTable());
    this.picture.addEventListener("pointermove", (event) => this.point(event));
    this.picture.addEventListener("pointerleave", () => this.say());
    place.hidden = false;
  }

  unit() {
    const { from, to } = this.stretches[0];
    const days = (Date.parse(to) - Date.parse(from)) / dayLength + 1;
    return days === 1 ? "day" : days + " days";
  }

  asTable() {
    return element("details", {}, element("summary", {}, "The same as a table"),
      element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Denials in figures" },
        element("table", {}, element("thead", {}, element("tr", {}, ...["Time (UTC)", "All", "Shown"].map((name) => element("th", { scope: "col" }, name)))), this.table)));
  }

  // show draws the items that pass the filters.
  show(items) {
    if (!this.stretches) return;
    this.now = binned(this.stretches, totals(items));
    this.shown.setAttribute("d", bars(this.now, this.top, chart));
    const rows = this.stretches.map((stretch, i) => [inWords(stretch), this.counts[i], this.now[i]]).filter((row) => row[1]);
    this.table.replaceChildren(...rows.map(([when, all, shown]) => element("tr", {},
      element("th", { scope: "row" }, when), element("td", {}, formatNumber(all)), element("td", {}, formatNumber(shown)))));
    this.say();
  }

  // say describes the whole, in words and for those who hear the page.
  say() {
    const peak = this.counts.indexOf(this.top);
    const text = "most " + (this.stretches[0].from === this.stretches[0].to ? "on " : "from ") + inWords(this.stretches[peak]) + ": " + plural(this.top, "denial");
    this.caption.textContent = text;
    const sum = this.now.reduce((a, b) => a + b, 0);
    this.picture.setAttribute("aria-label", "Bars, " + plural(sum, "denial") + " shown; " + text);
  }

  // point tells of the bar under the pointer.
  point(event) {
    const box = this.picture.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * this.stretches.length);
    const i = Math.min(Math.max(at, 0), this.stretches.length - 1);
    this.caption.textContent = inWords(this.stretches[i]) + ": " + plural(this.counts[i], "denial") +
      (this.now[i] === this.counts[i] ? "" : ", " + formatNumber(this.now[i]) + " of them shown");
  }
}
