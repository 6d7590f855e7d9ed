/** `stamp` of a stored trade is its time in ms times this, plus its flags; see the schema. */
export const STAMP_UNIT = 32;
/** Times from this on, in ms, do not fit into a stamp: the year 10889. */
export const END_OF_TIME_MS: number = 2 ** 53 / STAMP_UNIT;
