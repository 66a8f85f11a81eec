// Denials by day. Nothing here touches the page.

const dayLength = 86400000;

// totals adds up the denials of items by UTC day, 2026-11-23.
function totals(items) {
  const sums = new Map();
  for (const item of items) {
    for (const [day, count] of Object.entries(item.days || {})) {
      sums.set(day, (sums.get(day) || 0) + count);
    }
  }
  return sums;
}

// spanOf is the first and the last of some days, null where there are none.
function spanOf(days) {
  const all = [...days].filter((day) => !Number.isNaN(Date.parse(day))).sort();
  return all.length ? { first: all[0], last: all[all.length - 1] } : null;
}

// spanOfAll is the time of a document: what was read, and every denial.
function spanOfAll(doc) {
  const days = [...totals(doc.items).keys()];
  return days.length ? spanOf([...days, ...doc.span]) : null;
}

// lengthOf is how many days a span has, the last one with it.
function lengthOf(span) {
  return Math.round((Date.parse(span.last) - Date.parse(span.first)) / dayLength) + 1;
}

// isBrief tells whether there are too few days to draw, so that what matters is
// the time of day.
function isBrief(span) {
  return span !== null && lengthOf(span) < 3;
}

// bins are the stretches of time that are drawn: one for each day, or for a
// number of days where there are more than most.
function bins(span, most) {
  const start = Date.parse(span.first);
  const days = lengthOf(span);
  const length = Math.ceil(days / most);
  const out = [];
  for (let day = 0; day < days; day += length) {
    out.push({ from: dateOf(start + day * dayLength), to: dateOf(start + Math.min(day + length, days) * dayLength - dayLength) });
  }
  return out;
}

function dateOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}

// binned are the sums of all days of every stretch.
function binned(stretches, sums) {
  const counts = stretches.map(() => 0);
  for (const [day, count] of sums) {
    const at = stretches.findIndex((stretch) => stretch.from <= day && day <= stretch.to);
    if (at >= 0) counts[at] += count;
  }
  return counts;
}

// bars is the path of bars that stand on the line y = height, none wider than
// widest: few days are few bars and not blocks.
function bars(counts, top, { width, height, widest }) {
  const step = width / counts.length;
  const wide = Math.min(step - Math.min(step * 0.2, 3), widest);
  return counts.map((count, i) => {
    if (!count) return "";
    const tall = Math.max((count / top) * height, 1.5);
    return "M" + round(i * step + (step - wide) / 2) + " " + height + "v" + round(-tall) + "h" + round(wide) + "v" + round(tall) + "z";
  }).join("");
}

function round(n) {
  return Math.round(n * 10) / 10;
}

// inWords names a stretch of time.
function inWords(stretch) {
  const from = formatDate(stretch.from);
  return stretch.from === stretch.to ? from : from + " to " + formatDate(stretch.to);
}
