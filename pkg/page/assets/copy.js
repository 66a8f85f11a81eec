// Buttons that copy. They work in a page from disk, and where the clipboard is
// denied to scripts they fall back to a selection.

function copyButton(text, what) {
  const node = button("Copy", { class: "copy", "aria-label": "Copy " + what }, async () => {
    const done = await copy(text);
    node.textContent = done ? "Copied" : "Press Ctrl+C";
    say(done ? capital(what) + " copied" : "The browser did not let the page copy");
    setTimeout(() => { node.textContent = "Copy"; }, 2000);
  });
  return node;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

// copySelection copies as browsers did before they had a clipboard for scripts.
function copySelection(text) {
  const back = document.activeElement;
  const field = element("textarea", { class: "heard", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (back) back.focus();
  return done;
}

// say tells those who hear the page what just happened.
function say(text) {
  byId("said").textContent = text;
}
