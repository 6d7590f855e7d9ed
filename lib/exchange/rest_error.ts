/** An error of REST, `{"code":…,"msg":…}` with its HTTP status. */
export class RestRefusal extends Error {
  /** The venue's code, negative. */
  readonly code: number;
  /** The HTTP status. */
  readonly status: number;

  /** Makes a refusal with the venue's words. */
  constructor(code: number, message: string, status = 400) {
    super(message);
    this.name = "RestRefusal";
    this.code = code;
    this.status = status;
  }
}

/** A parameter that must be there is not. */
export function missingParameter(name: string): RestRefusal {
  const reason = "was not sent, was empty/null, or malformed.";
  return new RestRefusal(-1102, `Mandatory parameter '${name}' ${reason}`);
}

/** A parameter has a value out of its range. */
export function badParameter(name: string): RestRefusal {
  return new RestRefusal(-1130, `Data sent for parameter '${name}' is not valid.`);
}

/** What was asked for is older than the exchange tells. */
export function windowTooOld(): RestRefusal {
  return new RestRefusal(-4166, "Search window is restricted to recent 2 days only.");
}
