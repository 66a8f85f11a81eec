// The filters beside the list: a field to search, and values with their counts.

const fewValues = 7; // that a facet shows at first
const moreValues = 40; // that it shows more when asked
const placed = ["role", "provider"]; // facets whose values have a place behind a dot

class Facets {
  // change is called with the name of a facet and a value to choose or drop.
  constructor(place, doc, look, { change, search }) {
    this.doc = doc;
    this.look = look;
    this.change = change;
    this.limits = doc.facets.map(() => fewValues);
    this.field = element("input", { type: "search", id: "query", autocomplete: "off", spellcheck: "false", "aria-describedby": "query-help" });
    this.field.addEventListener("input", () => search(this.field.value));
    this.heads = doc.facets.map(({ label, note }) => [element("legend", {}, label), ...(note ? [element("p", { class: "note" }, note)] : [])]);
    this.groups = doc.facets.map((facet, i) => element("fieldset", { class: "facet-" + facet.name }, ...this.heads[i]));
    this.fold = element("details", { class: "fold" }, element("summary", {}, "Filters"), ...this.groups);
    place.append(element("p", { class: "search" }, element("label", { for: "query" }, "Search"), this.field,
      element("span", { id: "query-help", class: "heard" }, "Words that all must occur")), this.fold);
    place.addEventListener("submit", (event) => event.preventDefault());
    place.hidden = false;
    this.followWidth();
  }

  // followWidth folds the filters away where there is no room beside the list.
  followWidth() {
    const wide = window.matchMedia("(min-width: 62rem)");
    const set = () => { this.fold.open = wide.matches; };
    wide.addEventListener("change", set);
    set();
  }

  // show counts anew, among the items that the search has found.
  show(state, found) {
    this.last = [state, found];
    if (this.field.value !== state.query) this.field.value = state.query;
    const focused = document.activeElement;
    const within = this.groups.find((group) => group.contains(focused));
    this.groups.forEach((group, i) => this.showGroup(group, i, state, ordered(countValues(this.doc, state, found, i), this.doc.facets[i].order)));
    if (within) this.refocus(within, focused.id);
  }

  // refocus goes back to a value, or to the last of its facet where the value
  // is no longer shown.
  refocus(group, id) {
    const choices = group.querySelectorAll("input");
    (byId(id) || choices[choices.length - 1] || this.field).focus();
  }

  showGroup(group, at, state, values) {
    const { name } = this.doc.facets[at];
    const chosen = state.chosen[name];
    const shown = values.filter(([value], i) => i < this.limits[at] || chosen.has(value));
    const rest = values.length - shown.length;
    group.replaceChildren(...this.heads[at], ...shown.map(([value, count]) => this.choice(name, value, count, chosen.has(value))));
    if (rest > 0) group.append(button(formatNumber(rest) + " more", { class: "quiet", id: "more-" + name }, () => this.widen(at)));
    group.hidden = values.length === 0;
  }

  widen(at) {
    const before = this.limits[at];
    this.limits[at] += moreValues;
    this.show(...this.last);
    const next = this.groups[at].querySelectorAll("input")[before];
    if (next) next.focus();
  }

  choice(name, value, count, checked) {
    const box = element("input", { type: "checkbox", id: "f-" + name + "-" + encodeURIComponent(value) });
    box.checked = checked;
    box.addEventListener("change", () => this.change(name, value));
    return element("label", { class: checked ? "choice chosen" : "choice" }, box,
      element("span", { class: "value", title: value }, ...this.words(name, value)), element("span", { class: "count" }, formatNumber(count)));
  }

  // words puts the account of a role on a line of its own, where it is whole.
  // Where all have the same account, it is not told.
  words(name, value) {
    const at = placed.includes(name) ? value.indexOf(" · ") : -1;
    if (at < 0) return [element("span", { class: "name" }, value || "none")];
    return [element("span", { class: "name" }, value.slice(0, at)), this.look.several && element("span", { class: "in" }, aside(", "), value.slice(at + 3))];
  }
}
