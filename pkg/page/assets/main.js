// The page as a whole: one state, from which everything is shown.

class Page {
  constructor(doc) {
    this.doc = doc;
    this.names = doc.facets.map((facet) => facet.name);
    this.state = parseHash(location.hash, this.names);
    this.search = new Search(doc);
    document.body.append(element("p", { id: "said", class: "heard", role: "status" }));
    document.documentElement.classList.add("live", doc.kind);
    this.timeline = new Timeline(byId("timeline"), doc);
    this.facets = new Facets(byId("filters"), doc, { change: (name, value) => this.choose(name, value), search: (query) => this.set({ query }) });
    this.order = orderChoice(byId("order"), doc, (order) => this.set({ order }));
    this.theme = themeSwitch(byId("theme"), (theme) => this.paint(theme));
    this.list = new List(doc, { opened: () => this.remember() });
    columnNames(byId("columns"), doc);
    this.listen();
    this.show();
  }

  listen() {
    window.addEventListener("hashchange", () => {
      this.state = parseHash(location.hash, this.names);
      this.show();
    });
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the address is for what is shown
      byId("items").focus();
    });
    window.addEventListener("beforeprint", () => unfold(true));
    window.addEventListener("afterprint", () => unfold(false));
  }

  set(change) {
    Object.assign(this.state, change);
    this.show();
    this.remember();
  }

  paint(theme) {
    this.state.theme = theme;
    this.theme.show(theme);
    this.remember();
  }

  // choose takes a value of a facet, or drops it where it was chosen.
  choose(name, value) {
    const values = this.state.chosen[name];
    if (!values.delete(value)) values.add(value);
    this.set({});
  }

  clear() {
    const { theme, order, open } = this.state;
    this.set({ ...emptyState(this.names), theme, order, open });
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
    this.theme.show(state.theme);
    this.facets.show(state, found);
    this.order.show(state.order);
    this.timeline.show(shown);
    this.list.show(shown, state.open);
    showChips(byId("chips"), doc, state, (name, value) => this.choose(name, value), () => this.clear());
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
