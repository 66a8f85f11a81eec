// What is shown, and how it stands in the address: #q=…&cause=…&open=…

// emptyState has a set of chosen values for every facet.
function emptyState(names) {
  const chosen = {};
  for (const name of names) chosen[name] = new Set();
  return { query: "", chosen, order: "", open: new Set() };
}

// parseHash reads an address. What it does not know it passes over.
function parseHash(hash, names) {
  const state = emptyState(names);
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (name === "q") state.query = value;
    else if (name === "sort") state.order = value;
    else if (name === "open") state.open.add(value);
    else if (names.includes(name)) state.chosen[name].add(value);
  }
  return state;
}

// formatHash is the address of a state, "#" of one that filters nothing.
function formatHash(state) {
  const out = new URLSearchParams();
  if (state.query) out.append("q", state.query);
  for (const [name, values] of Object.entries(state.chosen)) {
    for (const value of values) out.append(name, value);
  }
  if (state.order) out.append("sort", state.order);
  for (const id of state.open) out.append("open", id);
  return "#" + out;
}
