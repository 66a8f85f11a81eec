// The page as a whole: one state, from which everything is shown.

class Page {
  constructor(doc) {
    this.doc = doc;
    this.names = doc.facets.map((facet) => facet.name);
    this.state = parseHash(location.hash, this.names);
    this.search = new Search(doc);
    document.body.append(element("p", { id: "said", class: "heard", role: "status" }));
    const look = lookOf(doc);
    document.documentElement.classList.add("live", doc.kind, look.several ? "several" : "single");
    this.timeline = new Timeline(byId("timeline"), doc);
    this.facets = new Facets(byId("filters"), doc, look, { change: (name, value) => this.choose(name, value), search: (query) => this.set({ query }) });
    this.order = orderChoice(byId("order"), doc, (order) => this.set({ order }));
    this.list = new List(doc, look, { opened: () => this.remember() });
    themeSwitch(byId("theme"));
    columnNames(byId("columns"), doc, look);
    this.listen();
    this.follow();
  }

  listen() {
    window.addEventListener("hashchange", () => {
      this.state = parseHash(location.hash, this.names);
      this.follow();
    });
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the address is for what is shown
      byId("items").focus();
    });
    window.addEventListener("beforeprint", () => this.printing(true));
    window.addEventListener("afterprint", () => this.printing(false));
  }

  // follow shows what the address asks for and goes to what it opens. What is
  // not in the file, or not among what the filters show, it tells.
  follow() {
    const { open } = this.state;
    const known = new Set(this.doc.items.map((item) => item.id));
    const lost = [...open].filter((id) => !known.has(id));
    for (const id of lost) open.delete(id);
    this.show();
    const hidden = open.size - this.list.reveal();
    byId("notice").textContent = [this.linked(lost.length, "not in this file"), this.linked(hidden, "hidden by the filters")].join(" ").trim();
    this.remember();
  }

  linked(count, how) {
    const what = plural(count, this.doc.kind === "scan" ? "linked incident" : "linked finding");
    return count ? what + (count === 1 ? " is " : " are ") + how + "." : "";
  }

  // printing lays and unfolds all that is printed.
  printing(on) {
    this.list.printing(on);
    unfold(on);
  }

  set(change) {
    Object.assign(this.state, change);
    byId("notice").textContent = "";
    this.show();
    this.remember();
  }

  // choose takes a value of a facet, or drops it where it was chosen.
  choose(name, value) {
    const values = this.state.chosen[name];
    if (!values.delete(value)) values.add(value);
    this.set({});
  }

  clear() {
    const { order, open } = this.state;
    this.set({ ...emptyState(this.names), order, open });
    this.facets.field.focus();
  }

  // remember puts the state into the address, without an entry in the history.
  remember() {
    history.replaceState(null, "", formatHash(this.state));
  }

  show() {
    const { doc, state } = this;
    const found = doc.items.filter(this.search.test(state.query));
    const shown = sorted(found.filter((item) => chosenIn(doc, state, item)), state.order);
    this.facets.show(state, found);
    this.order.show(state.order);
    this.timeline.show(shown);
    this.list.show(shown, state.open);
    const filters = filtersIn(doc, state, { drop: (name, value) => this.choose(name, value), search: (query) => this.set({ query }) });
    showChips(byId("chips"), filters, () => this.clear());
    byId("hits").textContent = hitsInWords(doc, shown);
  }
}

// unfold opens what is folded within open items for as long as the page is
// printed.
function unfold(open) {
  for (const node of document.querySelectorAll(open ? ".body details:not([open])" : ".body details[data-printed]")) {
    node.open = open;
    node.toggleAttribute("data-printed", open);
  }
}

new Page(JSON.parse(byId("data").textContent));
