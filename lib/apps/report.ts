import type { Report } from "./program.ts";

/** A progress line that is not on a terminal becomes a log line this often, in ms. */
const PROGRESS_LOG_MS = 10_000;

/** A `Report` that also takes errors and can be closed. */
export interface ProcessReport extends Report {
  error(message: string): void;
  close(): void;
}

/** Reports on standard error, or to a log file; results go to standard output. */
export function terminalReport(logFile: string | null): ProcessReport {
  const encoder = new TextEncoder();
  const file = logFile === null ? null : Deno.openSync(logFile, { create: true, append: true });
  const isTerminal = file === null && Deno.stderr.isTerminal();
  let hasLine = false;
  let loggedAt = -Infinity;

  let unwritten = 0;

  /** A line that cannot be written (a full disk, a reader that is gone) must end no program. */
  const write = (text: string) => {
    const note = unwritten === 0 ? "" : `${new Date().toISOString()} warn ${unwritten} lines ` +
      "before this one could not be written\n";
    const bytes = encoder.encode(note + text);
    const sink = file ?? Deno.stderr;
    try {
      for (let at = 0; at < bytes.length;) at += sink.writeSync(bytes.subarray(at));
      unwritten = 0;
    } catch {
      unwritten++;
    }
  };
  const clear = () => {
    if (hasLine) write("\r\x1b[K");
    hasLine = false;
  };
  const line = (level: string, message: string) => {
    clear();
    write(`${new Date().toISOString()} ${level} ${message}\n`);
  };
  return {
    info: (message) => line("info", message),
    warn: (message) => line("warn", message),
    error: (message) => {
      if (file !== null) return line("error", message);
      clear();
      write(`${message}\n`);
    },
    progress(message) {
      if (isTerminal) {
        const { columns } = Deno.consoleSize();
        write(`\r\x1b[K${message.slice(0, columns - 1)}`);
        hasLine = true;
        return;
      }
      const now = performance.now();
      if (now - loggedAt < PROGRESS_LOG_MS) return;
      loggedAt = now;
      line("info", message);
    },
    print(text) {
      clear();
      const bytes = encoder.encode(`${text}\n`);
      for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
    },
    close() {
      clear();
      file?.close();
    },
  };
}
