import { match, strictEqual } from "node:assert/strict";

/** A small file system of its own. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Lets nothing be written any more. */
  makeReadOnly(): Promise<void>;
}

function command(name: string, ...args: string[]): Promise<Deno.CommandOutput | null> {
  return new Deno.Command(name, { args, stdout: "null", stderr: "null" }).output()
    .catch(() => null);
}

/** A file system of so many bytes; tells why, and gives `null`, where this user may not make one. */
export async function mountSmall(bytes: number, name: string): Promise<SmallDisk | null> {
  const folder = await Deno.makeTempDir();
  const mounted = await command("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tandem", folder);
  if (mounted?.success !== true) {
    await Deno.remove(folder);
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(`skipped: "${name}" needs to mount a small file system, which only root may`);
    return null;
  }
  return {
    folder,
    async makeReadOnly() {
      strictEqual((await command("mount", "-o", "remount,ro", folder))?.success, true);
    },
    async [Symbol.asyncDispose]() {
      await command("umount", "-l", folder);
      await Deno.remove(folder);
    },
  };
}

/** Takes all the room that is left. */
export function fillUp(path: string): void {
  using file = Deno.openSync(path, { write: true, create: true });
  for (const size of [65_536, 4_096, 512]) {
    try {
      while (true) file.writeSync(new Uint8Array(size));
    } catch (error) {
      match(String(error), /No space left/);
    }
  }
}
