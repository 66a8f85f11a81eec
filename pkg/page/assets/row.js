// One row of the list: a button that opens the explanation below it.

const spark = { width: 100, height: 14, widest: 12, bars: 40 };

// lookOf is what all rows have in common: how times and days are shown, and
// whether the account must be told with every role.
function lookOf(doc) {
  const span = spanOfAll(doc);
  return {
    several: new Set(doc.items.map((item) => item.account)).size > 1,
    brief: isBrief(span),
    time: isBrief(span) ? formatMoment : formatDay,
    sparks: !span || isBrief(span) ? () => null : sparkOf(span),
  };
}

// sparkOf gives rows their small picture of the days, all on the same axis.
function sparkOf(span) {
  const stretches = bins(span, spark.bars);
  return (item) => {
    const counts = binned(stretches, Object.entries(item.days || {}));
    return drawing("svg", { class: "spark", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
      drawing("path", { d: bars(counts, Math.max(...counts, 1), spark) }));
  };
}

class Row {
  // toggle is called when the row is to open or to close.
  constructor(doc, item, at, { toggle, look }) {
    this.doc = doc;
    this.item = item;
    this.look = look;
    this.button = button("", { class: "row", id: "row-" + at, "aria-expanded": "false", "aria-controls": "body-" + at }, () => toggle(this));
    this.button.append(...this.cells());
    this.body = element("div", { class: "body", id: "body-" + at });
    this.body.hidden = true;
    this.node = element("li", { class: "item " + (item.alarm ? "alarming" : "") }, element("h3", {}, this.button), this.body);
  }

  text(ref) {
    return this.doc.texts[ref];
  }

  cells() {
    const { item } = this;
    const scan = this.doc.kind === "scan";
    const cells = [this.cause(scan), this.cell("role", "role", item.role), this.cell("who", scan ? "caller" : "provider", item.who)];
    if (this.look.several) cells[1].append(this.account());
    if (scan) cells.push(this.calls(), this.when());
    cells.push(this.state());
    if (item.under) cells.push(element("span", { class: "second under" }, this.text(item.under)));
    return cells;
  }

  cause(scan) {
    const { item } = this;
    const more = moreCauses(item);
    return element("span", { class: "cell cause" },
      element("span", { class: "first" }, element("code", { class: "code" }, this.text(item.code)),
        item.grade && element("span", { class: "grade" }, " " + item.grade),
        more > 0 && element("span", { class: "grade" }, " +" + plural(more, "more cause")),
        item.alarm && scan && element("span", { class: "badge" }, "stranger")),
      element("span", { class: "second" }, sentence(this.text(item.message))));
  }

  cell(kind, heard, name) {
    return element("span", { class: "cell " + kind },
      element("span", { class: "first", title: this.text(name) }, aside(", " + heard + " "), this.text(name)));
  }

  account() {
    return element("span", { class: "in" }, aside(", account "), this.text(this.item.account) || "account not known");
  }

  calls() {
    const { item } = this;
    return element("span", { class: "cell calls" },
      element("span", { class: "first" }, formatNumber(item.count || 0), aside(item.count === 1 ? " call" : " calls")), this.look.sparks(item));
  }

  when() {
    const { first, last } = this.item;
    return element("span", { class: "cell when" }, this.time("first", first === last ? "on" : "last", last), first !== last && this.time("second", "first", first));
  }

  time(line, name, at) {
    return element("span", { class: line, title: formatTime(at) }, element("i", {}, name + " "), this.look.time(at));
  }

  state() {
    const { item } = this;
    const by = this.text(item.by);
    const rightly = this.doc.kind === "scan" && item.alarm; // a stranger's call is to fail
    return element("span", { class: "cell state " + (rightly ? "rightly" : item.state) },
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
