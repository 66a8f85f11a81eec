// Elements. Texts become text nodes: no value is ever parsed as markup.

const svgSpace = "http://www.w3.org/2000/svg";

// element makes an element with attributes and children. Children are nodes or
// texts; those that are missing or empty are left out.
function element(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

// drawing is element for SVG.
function drawing(name, attributes, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}

// button is one that does something.
function button(label, attributes, act) {
  const node = element("button", { type: "button", ...attributes }, label);
  node.addEventListener("click", act);
  return node;
}

// aside is text for those who hear the page.
function aside(text) {
  return element("span", { class: "heard" }, text);
}

function byId(id) {
  return document.getElementById(id);
}
