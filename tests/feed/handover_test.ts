import { strictEqual } from "node:assert/strict";
import { Handover } from "../../lib/feed/sockets/handover.ts";

Deno.test("Handover waits for each symbol that the old socket delivers", () => {
  const handover = new Handover("old", "new");
  strictEqual(handover.waiting, 0);
  handover.saw("old", "A", 7);
  handover.saw("old", "B", 1);
  strictEqual(handover.waiting, 2);
  handover.saw("new", "A", 8);
  strictEqual(handover.waiting, 1);
  handover.saw("new", "B", 1);
  strictEqual(handover.waiting, 0);
});

Deno.test("Handover waits until the old socket has come to where the new one began", () => {
  const handover = new Handover("old", "new");
  handover.saw("new", "A", 10);
  handover.saw("new", "A", 11);
  strictEqual(handover.waiting, 0);
  for (const id of [7, 8]) {
    handover.saw("old", "A", id);
    strictEqual(handover.waiting, 1);
  }
  handover.saw("old", "A", 9);
  strictEqual(handover.waiting, 0);
});

Deno.test("Handover does not look again at a symbol that is safe, nor at other sockets", () => {
  const handover = new Handover("old", "new");
  handover.saw("old", "A", 7);
  handover.saw("new", "A", 7);
  handover.saw("old", "A", 8);
  handover.saw("a third", "B", 8);
  strictEqual(handover.waiting, 0);
});

Deno.test("Handover takes the first id of the new socket even if ids come out of order", () => {
  const handover = new Handover("old", "new");
  handover.saw("new", "A", 9);
  handover.saw("new", "A", 8);
  handover.saw("old", "A", 7);
  strictEqual(handover.waiting, 0);
});
