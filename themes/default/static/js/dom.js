// @ts-check
/** The few things every feature does with the document. Nothing here ever parses HTML. */

/**
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {any[]}
 */
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)];
}

/**
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {any}
 */
export function first(selector, root = document) {
  return root.querySelector(selector);
}

/**
 * Set an attribute; `null` and `undefined` remove it.
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 */
export function set(element, name, value) {
  if (value == null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * A new element. Attributes that are functions become listeners.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else set(element, name, value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} label
 * @param {string} name class of the button, for the theme
 * @param {() => void} click
 */
export function button(label, name, click) {
  return make("button", { type: "button", class: name, click }, label);
}

/** What an option says. @param {any} option */
export const optionLabel = (option) => first("summary, .option-link", option).textContent.trim();

/**
 * `hidden` means nothing in SVG, so drawings are hidden by style (the CSS object model, which the
 * content security policy allows).
 * @param {any} element
 * @param {boolean} shown
 */
export function show(element, shown) {
  if (!element) return;
  if (element.namespaceURI.endsWith("svg")) element.style.display = shown ? "" : "none";
  else element.hidden = !shown;
}

/**
 * A JSON attribute; what cannot be read counts as absent.
 * @param {string | undefined | null} text
 * @returns {any}
 */
export function json(text) {
  try {
    return JSON.parse(text || "null");
  } catch {
    return null;
  }
}

/**
 * Words that only mattered while nothing was known (`.nojs`) stay visible from here on.
 * @param {ParentNode} root
 * @param {string} [selector]
 */
export function keepWords(root, selector = ".nojs") {
  for (const element of all(selector, root)) element.classList.remove("nojs");
}
