// The list, in pieces: the page holds no more rows than were asked for.

const piece = 50;

class List {
  // opened is called with the ids of the items that are open.
  constructor(doc, { opened }) {
    this.doc = doc;
    this.opened = opened;
    this.body = new Body(doc);
    this.sparks = sparkOf(doc);
    this.place = byId("items");
    this.more = byId("more");
    this.more.addEventListener("click", () => this.grow());
    this.place.addEventListener("keydown", (event) => this.key(event));
    this.rows = [];
  }

  // show lays the list anew, open where open has the ids.
  show(items, open) {
    this.items = items;
    this.open = open;
    this.rows = [];
    this.place.replaceChildren();
    const last = items.findLastIndex((item) => open.has(item.id));
    this.append(Math.max(piece, last + 1));
    if (items.length === 0) this.place.append(element("li", { class: "nothing" }, this.doc.items.length ? "Nothing matches these filters." : "Nothing was found."));
  }

  append(count) {
    const start = this.rows.length;
    const rows = this.items.slice(start, start + count).map((item, i) => new Row(this.doc, item, start + i, { toggle: (row) => this.toggle(row), sparks: this.sparks }));
    this.rows.push(...rows);
    for (const row of rows) if (this.open.has(row.item.id)) row.open(this.body);
    this.place.append(...rows.map((row) => row.node));
    const rest = this.items.length - this.rows.length;
    this.more.hidden = rest === 0;
    this.more.textContent = "Show " + formatNumber(Math.min(rest, piece)) + " more of " + formatNumber(rest);
  }

  // grow shows the next piece and goes to its first row.
  grow() {
    const next = this.rows.length;
    this.append(piece);
    this.rows[next].button.focus();
  }

  toggle(row) {
    if (this.open.delete(row.item.id)) row.close();
    else {
      this.open.add(row.item.id);
      row.open(this.body);
    }
    this.opened();
  }

  // key goes from row to row; Escape closes the one that it is in.
  key(event) {
    const at = this.rows.findIndex((row) => row.node.contains(event.target));
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && this.open.has(this.rows[at].item.id)) {
      this.toggle(this.rows[at]);
      this.rows[at].button.focus();
    }
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.rows.length - 1 }[event.key];
    if (event.target !== this.rows[at].button || to === undefined) return;
    event.preventDefault();
    if (this.rows[to]) this.rows[to].button.focus();
  }
}
