// The list, in pieces: the page holds no more rows than were asked for.

const piece = 50;

class List {
  // opened is called when rows were opened or closed.
  constructor(doc, look, { opened }) {
    this.doc = doc;
    this.look = look;
    this.opened = opened;
    this.body = new Body(doc);
    this.place = byId("items");
    this.more = byId("more");
    this.all = byId("all");
    this.more.addEventListener("click", () => this.grow());
    this.all.addEventListener("click", () => this.setAll());
    this.place.addEventListener("keydown", (event) => this.key(event));
  }

  // show lays the list anew, open where open has the ids. Open rows that are
  // not of the first piece come in front, so that what is between need not be
  // laid.
  show(items, open) {
    this.items = items.map((item, at) => ({ item, at }));
    this.open = open;
    this.rows = [];
    this.next = 0;
    this.place.replaceChildren();
    this.far = this.items.slice(piece).filter(({ item }) => open.has(item.id));
    if (this.far.length) this.layFar();
    this.append(piece);
    if (items.length === 0) this.place.append(element("li", { class: "nothing" }, this.doc.items.length ? "Nothing matches these filters." : "Nothing was found."));
  }

  layFar() {
    this.place.append(element("li", { class: "apart" }, "Open, from further down the list"));
    this.lay(this.far);
    this.place.append(element("li", { class: "apart" }, "The list from its beginning"));
  }

  lay(entries) {
    const rows = entries.map(({ item, at }) => new Row(this.doc, item, at, { toggle: (row) => this.toggle(row), look: this.look }));
    for (const row of rows) if (this.open.has(row.item.id)) row.open(this.body);
    this.rows.push(...rows);
    this.place.append(...rows.map((row) => row.node));
  }

  append(count) {
    const start = this.next;
    this.next = Math.min(start + count, this.items.length);
    this.lay(this.items.slice(start, this.next).filter((entry) => !this.far.includes(entry)));
    this.offer();
  }

  // offer words the buttons as what they would do.
  offer() {
    const rest = this.items.length - this.rows.length;
    this.more.hidden = rest === 0;
    this.more.textContent = "Show " + formatNumber(Math.min(rest, piece)) + " more of " + formatNumber(rest);
    this.all.hidden = this.rows.length < 2;
    this.all.textContent = this.rows.every((row) => this.open.has(row.item.id)) ? "Close all" : "Open all shown";
  }

  // grow shows the next piece and goes to its first row.
  grow() {
    const next = this.rows.length;
    this.append(piece);
    this.rows[next].button.focus();
  }

  toggle(row) {
    this.set(row, !this.open.has(row.item.id));
    this.offer();
    this.opened();
  }

  set(row, open) {
    if (open === this.open.has(row.item.id)) return;
    if (open) this.open.add(row.item.id);
    else this.open.delete(row.item.id);
    if (open) row.open(this.body);
    else row.close();
  }

  // setAll opens the rows that are shown, or closes them where all are open.
  setAll() {
    const open = this.rows.some((row) => !this.open.has(row.item.id));
    for (const row of this.rows) this.set(row, open);
    this.offer();
    this.opened();
  }

  // reveal goes to the first row that is open, and returns how many are.
  reveal() {
    const open = this.rows.filter(({ item }) => this.open.has(item.id));
    if (open.length) {
      open[0].node.scrollIntoView();
      open[0].button.focus({ preventScroll: true });
    }
    return open.length;
  }

  // printing lays all rows for as long as the page is printed.
  printing(on) {
    if (on) {
      this.kept = { rows: this.rows.length, next: this.next };
      this.append(this.items.length);
    } else if (this.kept) {
      for (const row of this.rows.splice(this.kept.rows)) row.node.remove();
      this.next = this.kept.next;
      this.kept = null;
      this.offer();
    }
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
