/// <reference lib="dom" />
import { element } from "../dom.ts";
import type { ChartMemory } from "./memory.ts";
import type { FileKind } from "./save.ts";

/** What the tools of a chart do. */
export interface ToolTarget {
  readonly memory: ChartMemory;
  /** A choice changed. */
  readonly changed: () => void;
  readonly save: (kind: FileKind) => void;
}

const FILES: readonly [kind: FileKind, words: string][] = [
  ["PNG", "picture"],
  ["SVG", "drawing"],
  ["CSV", "rows in view"],
];

/** Buttons that choose what dragging does, show the table and save files. */
export function chartTools({ memory, changed, save }: ToolTarget): HTMLElement {
  const zoom = toggle("Zoom", "Drag to zoom to a stretch of time (or hold Shift)", (isOn) => {
    memory.isSelecting = isOn;
    changed();
  }, memory.isSelecting);
  const table = toggle("Table", "Show the rows as a table", (isOn) => {
    memory.isTableOpen = isOn;
    changed();
  }, memory.isTableOpen);
  return element(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Chart tools" },
    zoom,
    table,
    saveMenu(save),
  );
}

function toggle(
  label: string,
  title: string,
  set: (isOn: boolean) => void,
  isOn: boolean,
): HTMLButtonElement {
  const button = element("button", {
    ...{ type: "button", title, "aria-pressed": String(isOn) },
    onclick: () => {
      const isNowOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isNowOn));
      set(isNowOn);
    },
  }, label);
  return button;
}

function saveMenu(save: (kind: FileKind) => void): HTMLElement {
  const menu = element("details", { class: "menu" });
  const buttons = FILES.map(([kind, words]) =>
    element(
      "button",
      {
        type: "button",
        onclick: () => {
          menu.open = false;
          save(kind);
        },
      },
      element("b", {}, kind),
      ` ${words}`,
    )
  );
  menu.append(element("summary", { title: "Save what is in view" }, "Save"));
  menu.append(element("div", { class: "items" }, ...buttons));
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
    event.stopPropagation();
  });
  return menu;
}
