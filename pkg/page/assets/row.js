// One row of the list: a button that opens the explanation below it.

const spark = { width: 100, height: 14, bars: 40 };

class Row {
  // toggle is called when the row is to open or to close.
  constructor(doc, item, at, { toggle, sparks }) {
    this.doc = doc;
    this.item = item;
    this.button = button("", { class: "row", id: "row-" + at, "aria-expanded": "false", "aria-controls": "body-" + at }, () => toggle(this));
    this.button.append(...this.cells(sparks));
    this.body = element("div", { class: "body", id: "body-" + at });
    this.body.hidden = true;
    this.node = element("li", { class: "item " + (item.alarm ? "alarming" : "") }, element("h3", {}, this.button), this.body);
  }

  text(ref) {
    return this.doc.texts[ref];
  }

  cells(sparks) {
    const { item } = this;
    const scan = this.doc.kind === "scan";
    const cells = [this.cause(), this.cell("role", "role", item.role, item.account), this.cell("who", scan ? "caller" : "provider", item.who)];
    if (scan) cells.push(this.calls(sparks), this.when());
    cells.push(this.state());
    if (item.under) cells.push(element("span", { class: "second under" }, this.text(item.under)));
    return cells;
  }

  cause() {
    const { item } = this;
    return element("span", { class: "cell cause" },
      element("span", { class: "first" }, element("code", { class: "code" }, this.text(item.code)),
        item.grade && element("span", { class: "grade" }, " " + item.grade),
        item.alarm && this.doc.kind === "scan" && element("span", { class: "badge" }, "stranger")),
      element("span", { class: "second" }, capital(this.text(item.message))));
  }

  cell(kind, heard, name, more) {
    const beside = more && this.text(more);
    return element("span", { class: "cell " + kind },
      element("span", { class: "first", title: this.text(name) }, aside(", " + heard + " "), element("span", { class: "name" }, this.text(name)), beside && element("i", {}, beside)));
  }

  calls(sparks) {
    const { item } = this;
    return element("span", { class: "cell calls" },
      element("span", { class: "first" }, formatNumber(item.count || 0), aside(item.count === 1 ? " call" : " calls")), sparks(item));
  }

  when() {
    const { item } = this;
    return element("span", { class: "cell when" },
      element("span", { class: "first", title: formatTime(item.last) }, element("i", {}, "last "), formatDay(item.last)),
      element("span", { class: "second", title: formatTime(item.first) }, element("i", {}, "first "), formatDay(item.first)));
  }

  state() {
    const { item } = this;
    const by = this.text(item.by);
    return element("span", { class: "cell state " + item.state },
      element("span", { class: "first" }, element("span", { class: "dot", "aria-hidden": "true" }), this.text(item.words)),
      by && element("span", { class: "second" }, element("i", {}, "changed by "), by));
  }

  // open builds the explanation; close takes it away again.
  open(body) {
    this.body.replaceChildren(...body.build(this.item));
    this.set(true);
  }

  close() {
    this.body.replaceChildren();
    this.set(false);
  }

  set(open) {
    this.body.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.node.classList.toggle("opened", open);
  }
}

// sparkOf gives rows their small picture of the days, all on the same axis.
function sparkOf(doc) {
  const span = spanOf([...totals(doc.items).keys(), ...doc.span]);
  if (!span) return () => null;
  const stretches = bins(span, spark.bars);
  return (item) => {
    const counts = binned(stretches, Object.entries(item.days || {}));
    return drawing("svg", { class: "spark", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
      drawing("path", { d: bars(counts, Math.max(...counts, 1), spark.width, spark.height) }));
  };
}
