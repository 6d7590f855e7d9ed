/** Tolerance: |got - expected| <= abs + rel |expected|. */
export interface Tolerance {
  readonly rel: number;
  readonly abs: number;
}

/** A case as it stands in its file. */
interface RawCase {
  readonly id: string;
  readonly kind?: string;
  readonly analytic?: string;
  readonly inputs: Record<string, unknown>;
  readonly params: Record<string, unknown>;
  readonly expected: Record<string, unknown>;
  readonly tol?: Tolerance;
}

/** A fixture file. */
export interface FixtureFile {
  readonly schema: number;
  readonly analytic: string;
  /** The reference library and its version. */
  readonly source: string;
  /** The reference's function. */
  readonly function: string;
  readonly notes?: string;
  readonly tol: Tolerance;
  readonly data: Record<string, unknown>;
  readonly cases: readonly RawCase[];
}

/**
 * What an adapter gets: a case whose inputs are resolved and whose missing values are NaN.
 *
 * It remembers which inputs and parameters were read: a case that carries one its adapter never
 * asks for is a case the adapter does not know.
 */
export class GoldenCase {
  readonly id: string;
  readonly kind: string;
  readonly #inputs: Map<string, unknown>;
  readonly #params: Map<string, unknown>;
  readonly #read = new Set<string>();

  constructor(file: FixtureFile, raw: RawCase) {
    this.id = raw.id;
    this.kind = raw.kind ?? raw.analytic ?? "";
    this.#inputs = new Map(
      Object.entries(raw.inputs).map(([name, value]) => [name, decode(resolve(file, value))]),
    );
    this.#params = new Map(Object.entries(raw.params));
  }

  /** The names of the inputs, in the order of the file. */
  get inputNames(): string[] {
    return [...this.#inputs.keys()];
  }

  /** An input series; missing values are NaN. */
  series(name: string): number[] {
    const value = this.input(name);
    if (!Array.isArray(value)) {
      throw new Error(`Cannot run case ${this.id} as it has no input "${name}"`);
    }
    return value as number[];
  }

  /** An input of any shape, or `undefined`. */
  input(name: string): unknown {
    this.#read.add(`input ${name}`);
    return this.#inputs.get(name);
  }

  /** A parameter of any type, or `undefined`. */
  param(name: string): unknown {
    this.#read.add(`parameter ${name}`);
    return this.#params.get(name);
  }

  /** A parameter that must be a number. */
  number(name: string): number {
    const value = decode(this.param(name));
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw new Error(`Cannot run case ${this.id} as it has no numeric parameter "${name}"`);
    }
    return value;
  }

  /** Whether the case has a parameter. */
  has(name: string): boolean {
    return this.#params.has(name);
  }

  /** Inputs and parameters that nobody asked for. */
  unread(): string[] {
    const all = [
      ...[...this.#inputs.keys()].map((name) => `input ${name}`),
      ...[...this.#params.keys()].map((name) => `parameter ${name}`),
    ];
    return all.filter((name) => !this.#read.has(name));
  }
}

/** Replaces "@name" by the data of that name, also in a list. */
function resolve(file: FixtureFile, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => resolve(file, entry));
  if (typeof value !== "string" || !value.startsWith("@")) return value;
  const name = value.slice(1);
  if (!(name in file.data)) {
    throw new Error(`Cannot resolve "${value}" as the file has no such data`);
  }
  return file.data[name];
}

/** `null` is a missing number and "Infinity" a number, at any depth. */
export function decode(value: unknown): unknown {
  if (value === null) return NaN;
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  if (Array.isArray(value)) return value.map(decode);
  return value;
}
