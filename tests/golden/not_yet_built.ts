/** Fixture files whose analytic the project does not have yet; everything else must pass. */
export const NOT_YET_BUILT: readonly string[] = [];

/** Analytics of `edge_cases.json` that the project does not have yet. */
export const EDGE_CASES_NOT_YET_BUILT: readonly string[] = [];
