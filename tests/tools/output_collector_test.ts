import { deepStrictEqual } from "node:assert/strict";
import type { KernelMessage, MessageContent } from "../../tools/notebook/kernel_message.ts";
import { OutputCollector } from "../../tools/notebook/output_collector.ts";

function message(type: string, content: MessageContent): KernelMessage {
  return { channel: "iopub", type, requestId: null, content };
}

const print = (text: string, name = "stdout") => message("stream", { name, text });
const display = (html: string, id?: string) =>
  message("display_data", {
    data: { "text/html": html },
    metadata: {},
    ...id === undefined ? {} : { transient: { display_id: id } },
  });

Deno.test("OutputCollector.collect() joins what one stream prints", () => {
  deepStrictEqual(new OutputCollector().collect([print("a\n"), print("b"), print("c", "stderr")]), [
    { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
    { output_type: "stream", name: "stderr", text: ["c"] },
  ]);
});

Deno.test("OutputCollector.collect() updates a display of an earlier cell", () => {
  const collector = new OutputCollector();
  const first = collector.collect([display("old", "d1")]);
  const update = { data: { "text/html": "new" }, transient: { display_id: "d1" } };
  deepStrictEqual(collector.collect([message("update_display_data", update)]), []);
  deepStrictEqual(first[0]?.data, { "text/html": ["new"] });
});

Deno.test("OutputCollector.collect() leaves out scripts that connect to the kernel, and no others", () => {
  const html = `<img src="x"><script type="module" data-tandem>import("http://h/")</script>
<script>keep()</script>`;
  const [output] = new OutputCollector().collect([display(html)]);
  deepStrictEqual(output?.data, { "text/html": ['<img src="x">\n', "<script>keep()</script>"] });
});

Deno.test("OutputCollector.collect() clears when the next output comes", () => {
  const clear = message("clear_output", {});
  const outputs = new OutputCollector().collect([print("a"), clear, print("b"), clear]);
  deepStrictEqual(outputs, [{ output_type: "stream", name: "stdout", text: ["b"] }]);
});

Deno.test("OutputCollector.collect() keeps errors and results", () => {
  const outputs = new OutputCollector().collect([
    message("error", { ename: "TypeError", evalue: "x", traceback: ["TypeError: x"] }),
    message("execute_result", { data: { "text/plain": "2" }, metadata: {}, execution_count: 4 }),
  ]);
  deepStrictEqual(outputs, [
    { output_type: "error", ename: "TypeError", evalue: "x", traceback: ["TypeError: x"] },
    {
      output_type: "execute_result",
      data: { "text/plain": ["2"] },
      metadata: {},
      execution_count: 4,
    },
  ]);
});
