/** What bench/gates.ts measures and bench/draw-error-rates.ts draws. */

/** Shares of pass, fail and inconclusive. */
export type Triple = readonly [pass: number, fail: number, inconclusive: number];

interface World {
  readonly margin: number;
  /** By how much the candidate is truly worse. */
  readonly loss: number;
  readonly n: number;
  /** By rule. */
  readonly rates: Readonly<Record<string, Triple>>;
}

export interface ErrorRates {
  readonly alpha: number;
  readonly resamples: number;
  readonly seed: number;
  /** The baseline's accuracy in `shares` and `peers`. */
  readonly accuracy: number;
  /** What each rule does. */
  readonly rules: Readonly<Record<string, string>>;
  /** Exact; `onlyCandidate` is the share of examples that only the candidate has right. */
  readonly shares: readonly (World & { readonly onlyCandidate: number })[];
  readonly simulated: readonly (World & {
    readonly id: string;
    readonly metric: string;
    readonly about: string;
    readonly openBecause?: string;
    readonly runs: number;
  })[];
  readonly peers: readonly (World & { readonly onlyCandidate: number; readonly runs: number })[];
}

/** JSON with one world on a line, so that a diff shows which of them moved. */
export function spellResults(results: ErrorRates): string {
  const fields = Object.entries(results).map(([key, value]) => {
    const text = Array.isArray(value)
      ? `[\n${value.map((world) => `  ${JSON.stringify(world)}`).join(',\n')}\n ]`
      : JSON.stringify(value);
    return ` ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}
