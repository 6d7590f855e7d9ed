/** What a pipeline has taken in since it was made. */
export interface PipelineTotals {
  trades: number;
  stored: number;
  duplicates: number;
  late: number;
  quarantined: number;
  gaps: number;
  bars: number;
  marks: number;
  quotes: number;
}

/** The totals of a pipeline that has taken in nothing. */
export function noTotals(): PipelineTotals {
  return {
    ...{ trades: 0, stored: 0, duplicates: 0, late: 0, quarantined: 0, gaps: 0, bars: 0 },
    ...{ marks: 0, quotes: 0 },
  };
}
