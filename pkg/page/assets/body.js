// The whole explanation of an item, built when it is opened. The sections of a
// report come in the order in which they are told; here they are put under
// headings.

// groupOf is the heading under which a kind of section begins.
const groupOf = {
  "cause": "Why", "admitted": "Who can enter", "changed": "Who changed what", "fix": "What to change",
  "could not see": "Could not be seen", "fact": "The call", "subjects": "Subjects that were seen", "docs": "More on this",
};

// besides are the groups that stand at the side where there is room.
const besides = ["Who changed what", "Could not be seen", "The call", "Subjects that were seen", "More on this"];

// inLists are the kinds that are items of a list, or names with values.
const inLists = { "changed": "ul", "could not see": "ul", "subjects": "ul", "fact": "dl", "admitted": "dl" };

// grouped puts sections under their headings, in the order of their first one.
function grouped(sections, labelOf) {
  const groups = [];
  let current = null;
  for (const section of sections) {
    const cautious = section.k === "prose" && labelOf(section) === "before any change";
    const name = cautious ? "What to change" : groupOf[section.k];
    if (name && (!current || current.name !== name)) {
      current = groups.find((group) => group.name === name);
      if (!current) groups.push(current = { name, sections: [] });
    } else if (!current) {
      groups.push(current = { name: "", sections: [] });
    }
    current.sections.push(section);
  }
  return groups;
}

class Body {
  constructor(doc) {
    this.doc = doc;
  }

  text(ref) {
    return this.doc.texts[ref];
  }

  lines(section) {
    return (section.t || []).map((ref) => this.text(ref));
  }

  label(section) {
    return this.text(section.l);
  }

  // build is the explanation of an item.
  build(item) {
    const main = element("div", { class: "told" });
    const side = element("div", { class: "beside" });
    if (item.last) side.append(this.calls(item));
    for (const group of grouped(item.body, (section) => this.label(section))) {
      const into = besides.includes(group.name) ? side : main;
      into.append(this.group(group));
    }
    return [main, side];
  }

  // calls tells how often and since when, to the second.
  calls({ count, first, last }) {
    const facts = [["calls", formatNumber(count || 0)], ["first", formatTime(first)], ["last", formatTime(last)]];
    return element("section", { class: "group" }, element("h4", {}, "All calls"),
      element("dl", { class: "pairs" }, ...facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)))));
  }

  group({ name, sections }) {
    const out = element("section", { class: "group" }, name && element("h4", {}, name));
    let list = null;
    for (const section of sections) {
      const kind = inLists[section.k];
      if (!kind) {
        list = null;
        out.append(this.section(section));
        continue;
      }
      if (!list) out.append(list = element(kind, kind === "dl" ? { class: "pairs" } : { class: "plain" }));
      list.append(kind === "dl" ? this.pair(section) : element("li", {}, ...this.lines(section)));
    }
    return out;
  }

  pair(section) {
    return element("div", {}, element("dt", {}, this.label(section)), element("dd", {}, this.lines(section).join("\n")));
  }

  section(section) {
    switch (section.k) {
      case "cause": return this.cause(section);
      case "source": return this.source(section);
      case "compare": return this.compare(section);
      case "fix": return this.fix(section);
      case "diff": return this.code(section, "Change of the trust policy", "diff", diffLine);
      case "command": return this.code(section, "Command", "command", plainLine);
      case "long": return this.folded(section);
      case "docs": return this.link(section);
      default: return this.prose(section);
    }
  }

  cause(section) {
    return element("div", { class: "cause" },
      element("p", { class: "grade" }, capital(this.label(section)), " ", element("code", { class: "code" }, this.text(section.c))),
      element("p", { class: "said" }, sentence(this.lines(section).join(" "))));
  }

  prose(section) {
    const label = this.label(section);
    return element("p", { class: section.k === "alarm" ? "alarm" : section.k === "when" ? "when" : "prose" },
      label && element("span", { class: "label" }, capital(label) + " "), sentence(this.lines(section).join(" ")));
  }

  fix(section) {
    const text = this.lines(section).join(" ");
    return element("p", { class: "fix" }, element("span", { class: "label" }, capital(this.label(section)) + " "), sentence(text));
  }

  marked([, before, middle, after]) {
    const part = this.text(middle);
    return element("code", {}, this.text(before), part ? element("mark", {}, part) : element("mark", { class: "gap" }, aside("something is missing here")), this.text(after));
  }

  // source shows the lines of the policy with the part that matters marked.
  source(section) {
    return element("figure", { class: "source" }, element("figcaption", {}, "In the policy: " + this.lines(section)[0]),
      element("div", { class: "lines" }, ...(section.m || []).map((m) => element("div", { class: "line" },
        element("span", { class: "number", "aria-hidden": "true" }, this.text(m[0])), this.marked(m)))));
  }

  // compare puts the expected value over the actual one.
  compare(section) {
    return element("dl", { class: "compare" }, ...(section.m || []).map((m) => element("div", {},
      element("dt", {}, capital(this.text(m[0]))), element("dd", {}, this.marked(m)))));
  }

  code(section, caption, kind, line) {
    const lines = this.lines(section);
    return element("figure", { class: "block" },
      element("figcaption", {}, kind === "long" ? "" : caption, copyButton(lines.join("\n"), caption.toLowerCase())),
      element("pre", { class: kind, tabindex: "0", role: "group", "aria-label": caption }, ...lines.map(line)));
  }

  folded(section) {
    const label = this.label(section);
    return element("details", { class: "folded" }, element("summary", {}, label), this.code(section, label, "long", plainLine));
  }

  // link is one to a page of a vendor; other schemes are shown as text.
  link(section) {
    const url = this.lines(section)[0];
    return element("p", { class: "prose" }, url.startsWith("https://") ? element("a", { href: url, rel: "noreferrer noopener" }, url) : url);
  }
}

function plainLine(line) {
  return line + "\n";
}

// diffLine marks what a line of a diff adds or takes away.
function diffLine(line) {
  const kind = { "+": "add", "-": "take", "@": "place" }[line.charAt(0)];
  if (!kind || /^(---|\+\+\+) /.test(line)) return element("span", { class: kind ? "file" : "same" }, line + "\n");
  return element("span", { class: kind }, line + "\n");
}
