import { asLines, type Output } from "../support/notebook.ts";
import type { KernelMessage } from "./kernel_message.ts";

type Display = { output_type: string; data: Record<string, unknown>; metadata: unknown };

/** Scripts that make a picture move; they hold the address of a kernel that will be gone. */
const LIVE_SCRIPT = /<script\b[^>]*\bdata-tandem\b[^>]*>[^]*?<\/script>/g;

function storedData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, content]) => {
      if (typeof content !== "string") return [type, content];
      const text = type === "text/html" ? content.replaceAll(LIVE_SCRIPT, "") : content;
      return [type, type.startsWith("image/") && type !== "image/svg+xml" ? text : asLines(text)];
    }),
  );
}

/**
 * Turns what a kernel shows into outputs of a notebook file, one cell after the other.
 *
 * An update of a display changes it wherever it is, also in a cell that ended long ago. Scripts
 * that connect a picture to its kernel are left out.
 */
export class OutputCollector {
  readonly #displays = new Map<string, Display[]>();

  /**
   * Collects the outputs of one cell.
   *
   * @param messages What the kernel showed while it ran, in order.
   * @returns The outputs; later cells may still change them.
   */
  collect(messages: readonly KernelMessage[]): Output[] {
    const outputs: Output[] = [];
    let clearsNext = false;
    for (const { type, content } of messages) {
      if (type === "clear_output") {
        clearsNext = true;
        continue;
      }
      if (type === "update_display_data") {
        for (const display of this.#displays.get(content.transient?.display_id ?? "") ?? []) {
          display.data = storedData(content.data ?? {});
          display.metadata = content.metadata ?? {};
        }
        continue;
      }
      if (clearsNext) outputs.length = 0;
      clearsNext = false;
      if (type === "stream") this.#addStream(outputs, content.name ?? "stdout", content.text ?? "");
      else if (type === "error") {
        const { ename = "Error", evalue = "", traceback = [] } = content;
        outputs.push({ output_type: "error", ename, evalue, traceback });
      } else {
        const display: Display = {
          output_type: type,
          data: storedData(content.data ?? {}),
          metadata: content.metadata ?? {},
        };
        const id = content.transient?.display_id;
        if (id !== undefined) this.#displays.set(id, [...this.#displays.get(id) ?? [], display]);
        outputs.push(
          type === "execute_result"
            ? Object.assign(display, { execution_count: content.execution_count ?? null })
            : display,
        );
      }
    }
    return outputs;
  }

  #addStream(outputs: Output[], name: string, text: string): void {
    const last = outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) {
      const before = (last.text as string[]).join("");
      outputs[outputs.length - 1] = { ...last, text: asLines(before + text) };
    } else {
      outputs.push({ output_type: "stream", name, text: asLines(text) });
    }
  }
}
