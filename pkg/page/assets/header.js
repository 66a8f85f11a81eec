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

// showChips lists what was chosen, each with a button that drops it.
function showChips(place, doc, state, drop, clear) {
  const chips = doc.facets.flatMap(({ name, label }) => [...state.chosen[name]].map((value) =>
    element("li", {}, button(label + ": " + (value || "none"), { "aria-label": "Drop the filter " + label + ": " + (value || "none"), class: "chip" }, () => drop(name, value)))));
  if (chips.length || state.query) chips.push(element("li", {}, button("Clear all", { class: "quiet" }, clear)));
  place.replaceChildren(...chips);
  place.hidden = chips.length === 0;
}

// columnNames are those above the list, for those who see it.
function columnNames(place, doc) {
  const names = doc.kind === "scan" ? ["Cause", "Role", "Caller", "Calls", "Last and first", "Standing"] : ["Finding", "Role", "Provider", "Kind"];
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

// themeSwitch turns from what the system prefers to the other and back.
function themeSwitch(node, change) {
  const dark = () => (document.documentElement.dataset.theme || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const name = () => { node.textContent = dark() ? "Light" : "Dark"; };
  node.setAttribute("aria-label", "Switch between light and dark");
  node.addEventListener("click", () => change(dark() ? "light" : "dark"));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  node.hidden = false;
  return {
    show(theme) {
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      name();
    },
  };
}
