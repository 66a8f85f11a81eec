// Tests of the functions of the page that do not touch it:
// node --test testdata/pure.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

// The scripts of a page share their names, as they do here.
const names = ["text", "state", "filter", "days", "body"];
const source = names.map((name) => readFileSync(new URL(`../assets/${name}.js`, import.meta.url), "utf8")).join("\n");
const shared = "formatNumber, formatDay, formatTime, plural, capital, parseHash, formatHash, emptyState, Search, chosenIn, countValues, ordered, sorted, totals, spanOf, bins, binned, bars, inWords, grouped";
const page = vm.runInThisContext(`(() => { "use strict"; ${source}; return { ${shared} }; })()`);

const doc = {
  facets: [{ name: "cause" }, { name: "role" }],
  texts: ["", "subject-mismatch", "audience-mismatch", "Deploy", "backup", "repo:acme/api", "diff text"],
  items: [
    { id: "a", f: [1, 3], code: 1, message: 0, role: 3, account: 0, who: 5, under: 0, by: 0, count: 2, last: 30, body: [{ k: "diff", t: [6] }], days: { "2026-11-01": 2 } },
    { id: "b", f: [1, 4], code: 1, message: 0, role: 4, account: 0, who: 0, under: 0, by: 0, count: 9, last: 10, body: [], days: { "2026-11-03": 9 } },
    { id: "c", f: [2, 4], code: 2, message: 0, role: 4, account: 0, who: 0, under: 0, by: 0, count: 2, last: 20, body: [], days: {} },
  ],
};
const ids = (items) => items.map((item) => item.id).join("");
const chosen = (cause, role) => ({ chosen: { cause: new Set(cause), role: new Set(role) } });

test("numbers and times", () => {
  assert.equal(page.formatNumber(1234567), "1,234,567");
  assert.equal(page.plural(1, "call"), "1 call");
  assert.equal(page.plural(2000, "call"), "2,000 calls");
  assert.equal(page.formatDay(0), "");
  assert.equal(page.formatTime(1790000000), "2026-09-21 14:13 UTC");
  assert.equal(page.capital(""), "");
});

test("an address reads back as the state that it was made of", () => {
  for (const value of ["x", "a&b=c#d", "späß 👩‍👩‍👧", "<script>", "%00+ "]) {
    const state = page.emptyState(["cause", "role"]);
    state.query = value;
    state.chosen.role.add(value).add("other");
    state.order = "calls";
    state.theme = "dark";
    state.open.add(value);
    assert.deepEqual(page.parseHash(page.formatHash(state), ["cause", "role"]), state);
  }
});

test("an address with what nobody knows", () => {
  const state = page.parseHash("#theme=pink&__proto__=x&constructor=y&cause=z", ["cause"]);
  assert.equal(state.theme, "");
  assert.deepEqual([...state.chosen.cause], ["z"]);
  assert.equal(page.formatHash(page.emptyState(["cause"])), "#");
});

test("search wants every word, in any text but code", () => {
  const search = new page.Search(doc);
  for (const [query, want] of [["", "abc"], ["deploy", "a"], ["mismatch BACKUP", "bc"], ["subject backup", "b"], ["acme/api", "a"], ["diff", ""], ["nothing", ""]]) {
    assert.equal(ids(doc.items.filter(search.test(query))), want, query);
  }
});

test("values of one facet add up, facets narrow", () => {
  for (const [cause, role, want] of [[[], [], "abc"], [["subject-mismatch"], [], "ab"], [["subject-mismatch", "audience-mismatch"], [], "abc"], [["subject-mismatch"], ["backup"], "b"], [["gone"], [], ""]]) {
    assert.equal(ids(doc.items.filter((item) => page.chosenIn(doc, chosen(cause, role), item))), want);
  }
});

test("a facet counts what each value would show", () => {
  const counts = page.countValues(doc, chosen(["gone"], ["backup"]), doc.items, 0);
  assert.deepEqual([...counts], [["gone", 0], ["subject-mismatch", 1], ["audience-mismatch", 1]]);
  assert.deepEqual(page.ordered(new Map([["b", 1], ["c", 3], ["a", 1]])), [["c", 3], ["a", 1], ["b", 1]]);
  assert.deepEqual(page.ordered(new Map([["b", 5], ["a", 1], ["x", 9]]), ["a", "b"]), [["a", 1], ["b", 5], ["x", 9]]);
});

test("orders keep equals as they were", () => {
  assert.equal(ids(page.sorted(doc.items, "calls")), "bac");
  assert.equal(ids(page.sorted(doc.items, "last")), "acb");
  assert.equal(ids(page.sorted(doc.items, "toString")), "abc");
});

test("days without denials are drawn too", () => {
  const sums = page.totals(doc.items);
  const span = page.spanOf(sums.keys());
  assert.deepEqual(span, { first: "2026-11-01", last: "2026-11-03" });
  const stretches = page.bins(span, 120);
  assert.deepEqual(page.binned(stretches, sums), [2, 0, 9]);
  assert.equal(page.spanOf([]), null);
  assert.equal(page.spanOf(["no day"]), null);
});

test("many days are drawn together, none left out", () => {
  const stretches = page.bins({ first: "2025-01-01", last: "2026-11-20" }, 120);
  assert.ok(stretches.length <= 120);
  assert.equal(stretches[0].from, "2025-01-01");
  assert.equal(stretches.at(-1).to, "2026-11-20");
  stretches.slice(1).forEach((stretch, i) => assert.equal(Date.parse(stretch.from) - Date.parse(stretches[i].to), 86400000));
  assert.equal(page.inWords({ from: "2026-11-01", to: "2026-11-01" }), "1 Nov 2026");
  assert.equal(page.inWords({ from: "2026-11-01", to: "2026-11-06" }), "1 Nov 2026 to 6 Nov 2026");
});

test("bars are as tall as their counts, and a single denial is seen", () => {
  assert.equal(page.bars([0, 10, 5], 10, 30, 100), "M11 100v-100h8v100zM21 100v-50h8v50z");
  assert.match(page.bars([1], 1000, 10, 100), /v-1\.5h/);
});

test("sections come under their headings", () => {
  const sections = [{ k: "when" }, { k: "cause" }, { k: "source" }, { k: "prose", l: "note" }, { k: "changed" }, { k: "prose", l: "before any change" }, { k: "fix" }, { k: "diff" }, { k: "fact" }, { k: "fact" }];
  const groups = page.grouped(sections, (section) => section.l);
  assert.deepEqual(groups.map((group) => [group.name, group.sections.length]), [["", 1], ["Why", 3], ["Who changed what", 1], ["What to change", 3], ["The call", 2]]);
});
