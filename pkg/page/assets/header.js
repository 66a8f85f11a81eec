// What stands above the list: the order, the filters in force, light or dark.

// orderChoice is the choice of an order; documents without counts have none.
function orderChoice(place, doc, change) {
  if (doc.kind !== "scan") return { show() {} };
  const choice = element("select", { id: "sort" }, element("option", { value: "" }, "what matters"),
    ...Object.entries(orders).map(([value, { label }]) => element("option", { value }, label)));
  choice.addEventListener("change", () => change(choice.value));
  place.append(element("label", { for: "sort" }, "Sort by"), choice);
  place.hidden = false;
  return { show(order) { choice.value = Object.hasOwn(orders, order) ? order : ""; } };
}

// filtersIn are the filters of a state, in words, each with what drops it.
function filtersIn(doc, state, { drop, search }) {
  const chosen = doc.facets.flatMap(({ name, label }) => [...state.chosen[name]].map((value) =>
    ({ words: label + ": " + (value || "none"), drop: () => drop(name, value) })));
  if (state.query) chosen.unshift({ words: "Search: " + state.query, drop: () => search("") });
  return chosen;
}

// showChips lists the filters in force, each with a button that drops it. The
// focus goes to the next one then, and to the search after the last.
function showChips(place, filters, clear) {
  const chips = filters.map(({ words, drop }, i) => element("li", {}, button(words, { class: "chip", "aria-label": "Drop the filter " + words }, () => {
    drop();
    const left = place.querySelectorAll(".chip");
    (left[Math.min(i, left.length - 1)] || byId("query")).focus();
  })));
  if (chips.length) chips.push(element("li", {}, button("Clear all", { class: "quiet" }, clear)));
  place.replaceChildren(...chips);
  place.hidden = chips.length === 0;
}

// columnNames are those above the list, for those who see it.
function columnNames(place, doc, look) {
  const times = look.brief ? "Last, first (UTC)" : "Last and first";
  const names = doc.kind === "scan" ? ["Cause", "Role", "Caller", "Calls", times, "Standing"] : ["Finding", "Role", "Provider", "Kind"];
  place.append(...names.map((name) => element("span", {}, name)));
  place.hidden = false;
}

// hitsInWords is what the live region says.
function hitsInWords(doc, items) {
  const calls = items.reduce((sum, item) => sum + (item.count || 0), 0);
  const what = doc.kind === "scan" ? "incident" : "finding";
  const of = items.length === doc.items.length ? "" : formatNumber(items.length) + " of ";
  return of + plural(doc.items.length, what) + (doc.kind === "scan" ? ", " + plural(calls, "denied call") : "");
}

// themeSwitch turns from what the system prefers to the other and back. It is
// not kept in the address: whoever gets a link has a system of their own.
function themeSwitch(node) {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => { node.textContent = dark() ? "Light" : "Dark"; };
  node.setAttribute("aria-label", "Switch between light and dark");
  node.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    name();
  });
  system.addEventListener("change", name);
  node.hidden = false;
  name();
}
