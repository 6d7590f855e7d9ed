import { atMost } from "../../streams/mod.ts";

/** Where a running program can be reached; kept in a file that only its owner can read. */
export interface ControlAddress {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

/** What every running program can be asked. */
export interface Controlled {
  /** How it is, as JSON. */
  status(): unknown;
  /** Ends it, after what it has was put away. */
  stop(): void;
  /** Answers what else is sent to it. @default {nothing else is taken} */
  answer?(pathname: string, request: Request): Promise<Response>;
}

/** How long requests under way get when the program ends, ms. */
const ANSWERING_MS = 1_500;

/**
 * Lets other programs of this user ask a program for its status, and end it.
 *
 * @param path The file that tells where.
 * @throws {Deno.errors} If the file cannot be written.
 */
export async function serveControl(path: string, controlled: Controlled): Promise<AsyncDisposable> {
  const token = crypto.randomUUID();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      if (request.headers.get("authorization") !== `Bearer ${token}`) {
        return failure(401, "unauthorized", "The token in the control file is required");
      }
      const { pathname } = new URL(request.url);
      if (request.method === "GET" && pathname === "/status") {
        return Response.json(controlled.status());
      }
      if (request.method === "POST" && pathname === "/stop") {
        controlled.stop();
        return Response.json({ stopping: true });
      }
      if (request.method === "POST" && controlled.answer !== undefined) {
        return await controlled.answer(pathname, request);
      }
      return notFound(request.method, pathname);
    },
  );
  const end = async () => {
    // Who asked may have been stopped in the middle of it.
    await atMost(ANSWERING_MS, server.shutdown());
  };
  const url = `http://127.0.0.1:${server.addr.port}`;
  const address: ControlAddress = { pid: Deno.pid, url, token };
  const text = JSON.stringify(address);
  try {
    const temporary = `${path}.new`;
    await Deno.writeTextFile(temporary, text, { mode: 0o600 });
    await Deno.rename(temporary, path);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      // Where another has taken over what we did, the file leads to that by now.
      const isOurs = await Deno.readTextFile(path).then((now) => now === text, () => false);
      if (isOurs) await Deno.remove(path).catch(() => {});
      await end();
    },
  };
}

/** The answer to what a program does not know. */
export function notFound(method: string, pathname: string): Response {
  return failure(404, "not_found", `No such request: ${method} ${pathname}`);
}

/** An answer that says what is wrong. */
export function failure(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
