// Which items are shown, and in which order. Nothing here touches the page.

// Kinds of sections whose text is not searched: policies are much alike.
const unsearched = ["diff", "long", "command"];

// causesOf are the codes of all causes of an item, that of its row first.
function causesOf(item) {
  const causes = item.body.filter((section) => section.k === "cause");
  return [...new Set([item.code, ...causes.map((section) => section.c)])];
}

// moreCauses is how many causes an item has beside that of its row.
function moreCauses(item) {
  return Math.max(0, item.body.filter((section) => section.k === "cause").length - 1);
}

// refsOf are the places of the texts of an item by which it can be found.
function refsOf(item) {
  const refs = new Set([...item.f, ...causesOf(item), item.message, item.role, item.account, item.who, item.under || 0, item.by]);
  for (const section of item.body) {
    if (unsearched.includes(section.k)) continue;
    if (section.k === "cause") refs.add(section.l); // with its certainty
    for (const ref of section.t || []) refs.add(ref);
  }
  return [...refs];
}

// linesOf are the texts of an item that the document has in pieces, and its
// times, in every way in which the page shows them.
function linesOf(doc, item) {
  const times = [item.first, item.last].flatMap((at) => [formatDay(at), formatMoment(at), formatTime(at)]);
  const marked = item.body.flatMap((section) => section.m || []);
  return [item.grade || "", ...times, ...marked.map(([, ...parts]) => parts.map((ref) => doc.texts[ref]).join(""))];
}

// Search finds items by the words of a query, each of which must be in one of
// the item's texts; capitals do not matter.
class Search {
  constructor(doc) {
    this.texts = doc.texts.map((text) => text.toLowerCase());
    const places = new Map();
    const placeOf = (text) => {
      if (!places.has(text)) places.set(text, this.texts.push(text.toLowerCase()) - 1);
      return places.get(text);
    };
    this.refs = new Map(doc.items.map((item) => [item, [...refsOf(item), ...linesOf(doc, item).map(placeOf)]]));
  }

  // test is a function that tells whether an item has all words of a query.
  test(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const having = words.map((word) => this.texts.map((text) => text.includes(word)));
    return (item) => having.every((has) => this.refs.get(item).some((ref) => has[ref]));
  }
}

// valuesOf are those of an item in a facet: one, but for causes.
function valuesOf(doc, item, at) {
  const refs = doc.facets[at].name === "cause" ? causesOf(item) : [item.f[at]];
  return refs.map((ref) => doc.texts[ref]);
}

// chosenIn tells whether an item has, in every facet but one, a value that was
// chosen there.
function chosenIn(doc, state, item, except) {
  return doc.facets.every((facet, i) => {
    const values = state.chosen[facet.name];
    return facet.name === except || values.size === 0 || valuesOf(doc, item, i).some((value) => values.has(value));
  });
}

// countValues counts for one facet the items that each of its values would
// show, by value. Values that were chosen are in it even with none.
function countValues(doc, state, items, at) {
  const name = doc.facets[at].name;
  const counts = new Map([...state.chosen[name]].map((value) => [value, 0]));
  for (const item of items) {
    if (!chosenIn(doc, state, item, name)) continue;
    for (const value of valuesOf(doc, item, at)) counts.set(value, (counts.get(value) || 0) + 1);
  }
  return counts;
}

// ordered are the values of a facet with their counts: in the order of the
// facet where it has one, else the most frequent first.
function ordered(counts, order = []) {
  const place = (value) => (order.includes(value) ? order.indexOf(value) : order.length);
  return [...counts].sort((a, b) => place(a[0]) - place(b[0]) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

// Orders beside that of the document, in which what matters comes first.
const orders = {
  calls: { label: "most calls", key: (item) => item.count || 0 },
  last: { label: "latest call", key: (item) => item.last || 0 },
  first: { label: "newest first call", key: (item) => item.first || 0 },
};

// sorted leaves items that are equal in the order of the document.
function sorted(items, order) {
  if (!Object.hasOwn(orders, order)) return items;
  const { key } = orders[order];
  return [...items].sort((a, b) => key(b) - key(a));
}
