import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { HubError, type Part, type PartContent, startHub } from "../../lib/live/mod.ts";
import { PartSubscriptions } from "../../lib/live/part.ts";
import { Market } from "./support/market.ts";
import { PageSocket, until } from "./support/page_socket.ts";

/** A part that shows a number and takes others. */
class Counter implements Part {
  readonly pages = new Set<(content: PartContent) => void>();
  #value = 0;

  watch(tell: (content: PartContent) => void): Disposable {
    this.pages.add(tell);
    tell(this.#content);
    return { [Symbol.dispose]: () => void this.pages.delete(tell) };
  }

  take(value: unknown): void {
    if (typeof value !== "number") throw new HubError(400, "bad_request", "Cannot count that");
    this.#value = value;
    for (const tell of this.pages) tell(this.#content);
  }

  get #content(): PartContent {
    return { kind: "html", html: String(this.#value) };
  }
}

const subscribe = (id: string, part: string) =>
  ({ op: "subscribe", id, kind: "part", part }) as const;

function said(page: PageSocket): (string | undefined)[] {
  return page.messages.flatMap((message) =>
    message.op === "part" && message.content.kind === "html" ? message.content.html : []
  );
}

Deno.test("/ws tells every page of a part what one of them has told it", async () => {
  const counter = new Counter();
  await using hub = await startHub({
    open: () => {
      throw new Error("no database is needed");
    },
    findPart: (name) => name === "counter" ? counter : undefined,
  });
  await using one = await PageSocket.open(hub.url);
  await using two = await PageSocket.open(hub.url);
  for (const page of [one, two]) page.send(subscribe("a", "counter"));
  await until(() => [one, two].every((page) => said(page).length === 1), "both are told");
  one.send({ op: "tell", id: "a", value: 7 });
  await until(() => [one, two].every((page) => said(page).at(-1) === "7"), "both are told again");
  two.send({ op: "unsubscribe", id: "a" });
  await until(() => counter.pages.size === 1, "one is left");
  await one[Symbol.asyncDispose]();
  await until(() => counter.pages.size === 0, "none is left");
});

Deno.test("/ws says why it cannot find a part, and why a part does not take something", async () => {
  using market = new Market();
  await using hub = await startHub({ open: market.open, findPart: () => new Counter() });
  await using page = await PageSocket.open(hub.url);
  page.send({ op: "tell", id: "a", value: 1 });
  match((await page.next("error")).error.message, /"a" as it is not subscribed/);
  page.send(subscribe("a", "any"));
  await page.next("part");
  const before = page.messages.length;
  page.send({ op: "tell", id: "a", value: "many" });
  const { id, error } = await page.next("error", before);
  deepStrictEqual([id, error.message], ["a", "Cannot count that"]);
  await using plain = await startHub({ open: market.open });
  await using other = await PageSocket.open(plain.url);
  other.send(subscribe("a", "any"));
  strictEqual((await other.next("error")).error.code, "unknown_part");
});

Deno.test("PartSubscriptions sends only the newest of what had to wait", () => {
  const counter = new Counter();
  let isFull = false;
  const sent: PartContent[] = [];
  using parts = new PartSubscriptions(
    () => counter,
    (_, content) => sent.push(content),
    () => isFull,
  );
  parts.watch("a", "counter");
  isFull = true;
  for (const value of [1, 2, 3]) parts.take("a", value);
  parts.catchUp();
  strictEqual(sent.length, 1);
  isFull = false;
  parts.catchUp();
  parts.catchUp();
  deepStrictEqual(sent.map((content) => content.kind === "html" && content.html), ["0", "3"]);
  parts.drop("a");
  throws(() => parts.take("a", 4), HubError);
  ok(counter.pages.size === 0);
});
