// Tests of the functions of the page that do not touch it:
// node --test testdata/pure.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

// The scripts of a page share their names, as they do here.
const names = ["text", "state", "filter", "days", "body"];
const source = names.map((name) => readFileSync(new URL(`../assets/${name}.js`, import.meta.url), "utf8")).join("\n");
const shared = "formatNumber, formatDay, formatMoment, formatTime, plural, capital, sentence, parseHash, formatHash, emptyState, causesOf, moreCauses, Search, valuesOf, chosenIn, countValues, ordered, sorted, totals, spanOf, spanOfAll, lengthOf, isBrief, bins, binned, bars, inWords, grouped";
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
  assert.equal(page.formatTime(1790000000), "2026-09-21 14:13:20 UTC");
  assert.equal(page.formatMoment(1790000000), "21 Sept, 14:13");
  assert.equal(page.formatMoment(0), "");
  assert.equal(page.capital(""), "");
});

test("a sentence begins with a capital, a name as it is written", () => {
  for (const [text, want] of [["the token's subject", "The token's subject"], ["statement's key", "Statement's key"], ["as it is, fine", "As it is, fine"],
    ["aws:SourceIp does not match", "aws:SourceIp does not match"], ["token.actions.githubusercontent.com:iss of statement 1", "token.actions.githubusercontent.com:iss of statement 1"],
    ["kOps asks", "kOps asks"], ["job_workflow_ref is", "job_workflow_ref is"], ["x", "x"], ["", ""]]) {
    assert.equal(page.sentence(text), want);
  }
});

test("an address reads back as the state that it was made of", () => {
  for (const value of ["x", "a&b=c#d", "späß 👩‍👩‍👧", "<script>", "%00+ "]) {
    const state = page.emptyState(["cause", "role"]);
    state.query = value;
    state.chosen.role.add(value).add("other");
    state.order = "calls";
    state.open.add(value);
    assert.deepEqual(page.parseHash(page.formatHash(state), ["cause", "role"]), state);
  }
});

test("an address with what nobody knows", () => {
  const state = page.parseHash("#theme=dark&__proto__=x&constructor=y&cause=z", ["cause"]);
  assert.equal(page.formatHash(state), "#cause=z");
  assert.deepEqual([...state.chosen.cause], ["z"]);
  assert.equal(page.formatHash(page.emptyState(["cause"])), "#");
});

test("search wants every word, in any text but code", () => {
  const search = new page.Search(doc);
  for (const [query, want] of [["", "abc"], ["deploy", "a"], ["mismatch BACKUP", "bc"], ["subject backup", "b"], ["acme/api", "a"], ["diff", ""], ["nothing", ""]]) {
    assert.equal(ids(doc.items.filter(search.test(query))), want, query);
  }
});

test("search finds what is shown, whole", () => {
  const texts = ["", "audience-mismatch", "principal-mismatch", "cause 2 (possible)", "token.actions", ".umberline.ghe.com:aud", "\": \"x\"", "secret policy"];
  const item = { id: "a", f: [1], code: 1, grade: "likely", message: 0, role: 0, account: 0, who: 0, by: 0, first: 1790000000, last: 1795000000, body: [
    { k: "cause", c: 1, l: 0 }, { k: "cause", c: 2, l: 3 }, { k: "source", m: [[0, 4, 5, 6]] }, { k: "long", t: [7] }] };
  const search = new page.Search({ facets: [{ name: "cause" }], texts, items: [item] });
  for (const query of ["principal-mismatch", "possible", "likely", "token.actions.umberline.ghe.com:aud", "21 Sept 2026", "18 Nov 2026", "21 Sept, 14:13", "2026-09-21"]) {
    assert.ok(search.test(query)(item), query);
  }
  for (const query of ["secret", "2025", "undefined", "null"]) assert.ok(!search.test(query)(item), query);
});

test("an item has all its causes", () => {
  const texts = ["", "a", "b"];
  const item = { f: [1, 2], code: 1, body: [{ k: "cause", c: 1 }, { k: "fact" }, { k: "cause", c: 2 }, { k: "cause", c: 2 }] };
  const both = { facets: [{ name: "cause" }, { name: "role" }], texts, items: [item] };
  assert.deepEqual(page.causesOf(item), [1, 2]);
  assert.equal(page.moreCauses(item), 2);
  assert.equal(page.moreCauses({ body: [] }), 0);
  assert.deepEqual(page.valuesOf(both, item, 0), ["a", "b"]);
  assert.deepEqual(page.valuesOf(both, item, 1), ["b"]);
  assert.ok(page.chosenIn(both, chosen(["b"], []), item));
  assert.deepEqual([...page.countValues(both, chosen([], []), [item], 0)], [["a", 1], ["b", 1]]);
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

test("a day or two are told by the hour", () => {
  for (const [last, length, brief] of [["2026-11-01", 1, true], ["2026-11-02", 2, true], ["2026-11-03", 3, false]]) {
    const span = { first: "2026-11-01", last };
    assert.equal(page.lengthOf(span), length);
    assert.equal(page.isBrief(span), brief);
  }
  assert.equal(page.isBrief(null), false);
  assert.deepEqual(page.spanOfAll({ ...doc, span: ["2026-10-30", "2026-11-02"] }), { first: "2026-10-30", last: "2026-11-03" });
  assert.equal(page.spanOfAll({ items: [{}], span: ["2026-10-30", "2026-11-02"] }), null);
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
  assert.equal(page.bars([0, 10, 5], 10, { width: 30, height: 100, widest: 40 }), "M11 100v-100h8v100zM21 100v-50h8v50z");
  assert.match(page.bars([1], 1000, { width: 10, height: 100, widest: 40 }), /v-1\.5h/);
});

test("few bars are no blocks", () => {
  assert.equal(page.bars([10, 0, 5], 10, { width: 300, height: 100, widest: 40 }), "M30 100v-100h40v100zM230 100v-50h40v50z");
});

test("sections come under their headings", () => {
  const sections = [{ k: "when" }, { k: "cause" }, { k: "source" }, { k: "prose", l: "note" }, { k: "changed" }, { k: "prose", l: "before any change" }, { k: "fix" }, { k: "diff" }, { k: "fact" }, { k: "fact" }];
  const groups = page.grouped(sections, (section) => section.l);
  assert.deepEqual(groups.map((group) => [group.name, group.sections.length]), [["", 1], ["Why", 3], ["Who changed what", 1], ["What to change", 3], ["The call", 2]]);
});
