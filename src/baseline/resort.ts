import type { BaselineUsed, Evidence, RungTried } from '../schemas/evidence.generated.ts';

/** What stands in where the branch has nothing: an artifact, a file, another tool's history, the champion. */
export interface Resort {
  readonly rung: RungTried['rung'];
  readonly look: () => Promise<ResortFinding>;
  /**
   * Where the world fails (network, permission): `say` it as the reason of this rung and go on, because it is only a
   * fallback; or `fail`, because it is what the config asks for.
   */
  readonly whenUnreachable: 'say' | 'fail';
}

export type ResortFinding =
  | {
      readonly kind: 'found';
      readonly evidence: Evidence;
      /** Stored outcomes by model. */
      readonly outcomes: ReadonlyMap<string, Uint8Array>;
      readonly details: BaselineDetails;
    }
  | { readonly kind: 'none'; readonly reason: string };

/** Where a baseline was found. */
export type BaselineDetails = Partial<Pick<BaselineUsed, 'commit' | 'distance' | 'path'>>;

export function findNothing(reason: string): ResortFinding {
  return { kind: 'none', reason };
}
