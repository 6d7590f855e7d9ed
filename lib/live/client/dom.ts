/// <reference lib="dom" />

/** What an element is made of: attributes, properties starting with a dot, listeners with `on`. */
type Attributes = Readonly<Record<string, string | number | boolean | EventListener | null>>;

/**
 * Makes an element. Text becomes text nodes, never markup; no attribute is a script or a style, so
 * that a strict content security policy holds.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null) node.setAttribute(key, String(value));
  }
  node.append(...children);
  return node;
}
