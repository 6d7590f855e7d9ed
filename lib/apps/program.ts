import type { Command } from "commander";

/** What a program may touch; everything else is refused by the runtime. */
export interface Permissions {
  /** Hosts, as `host:port`; a listening address counts as well. */
  readonly net?: readonly string[];
  /** Files and folders it may read; `true` means all. */
  readonly read?: readonly string[] | true;
  /** Files and folders it may write. */
  readonly write?: readonly string[];
  /** Environment variables it may read; `true` means all. */
  readonly env?: readonly string[] | true;
  /** System facts it may ask for. */
  readonly sys?: readonly string[];
  /** Programs it may start; `true` means all. */
  readonly run?: readonly string[] | true;
}

/** What a running program is given. */
export interface Context {
  /** Aborted on Ctrl-C, SIGTERM, or when the launcher is gone: stop, drain, return. */
  readonly signal: AbortSignal;
  /** Where it reports. */
  readonly report: Report;
}

/** How a program talks to the person who started it. */
export interface Report {
  /** A log line. */
  info(message: string): void;
  /** A log line about something that needs attention. */
  warn(message: string): void;
  /** The state of something that takes a while: one line that is rewritten on a terminal. */
  progress(message: string): void;
  /** The result, on standard output. */
  print(text: string): void;
}

/**
 * One program behind `deno task …`: how it is called, what it may touch, what it does.
 *
 * The launcher reads the command line and starts the program in a process of its own with exactly
 * the permissions its options need.
 */
export interface Program<Options> {
  /** Its name, as in `deno task NAME`. */
  readonly name: string;
  /** Declares arguments, options and help. */
  describe(command: Command): void;
  /** Turns what was given into options. @throws {UsageError} If something given makes no sense. */
  read(command: Command, place: Place): Options;
  /** What it needs with these options. */
  permissions(options: Options, place: Place): Permissions;
  /** How its JavaScript engine is set, as `--v8-flags` takes it. */
  readonly engineFlags?: readonly string[];
  /** Whether to leave it running in the background with this log file; `null` to wait for it. */
  detach?(options: Options): { readonly logFile: string; readonly database: string } | null;
  /**
   * A program that is started once this one is ready or under way, and ends with it; `null` for
   * none. It is told which process this one is.
   */
  companion?(
    options: Options,
    pid: number,
  ): { readonly program: Program<unknown>; readonly options: unknown } | null;
  /**
   * What it runs in place of `run.ts`, from the project's folder on, where it needs packages that
   * nobody else is to load: they and their lock file are named in a configuration of its own.
   */
  readonly apart?: { readonly module: string; readonly config: string };
  /** Runs it to its end. Not called where it runs apart. */
  run(options: Options, context: Context): Promise<void>;
}

/** Where the project and its user are. */
export interface Place {
  /** The project's folder. */
  readonly project: string;
  /** The folder relative paths on the command line are meant from. */
  readonly working: string;
}

/** The command line makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something a person can mend; the message is one sentence that says how. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}
