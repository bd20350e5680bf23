/** Generated from action-schema/ledger-entry.schema.json by npm run generate. Do not edit. */

/**
 * One line of the promotion ledger. Entries are chained: each holds the SHA-256 of the one before.
 */
export interface LedgerEntry {
  /**
   * Version of this format.
   */
  readonly version: 1;
  /**
   * Number of the entry, from 1, without gaps.
   */
  readonly sequence: number;
  /**
   * `hash` of the entry before; 64 zeros for the first.
   */
  readonly previous: string;
  /**
   * When, RFC 3339 in UTC.
   */
  readonly time: string;
  /**
   * `claim`: the gate let it through and the registry is about to be changed. `confirm`: the registry was changed. `abandon`: it was not.
   */
  readonly action: 'claim' | 'confirm' | 'abandon';
  /**
   * Model's name.
   */
  readonly model: string;
  /**
   * Semantic version that was registered or assigned.
   */
  readonly modelVersion?: string;
  /**
   * Stage.
   */
  readonly stage: string;
  /**
   * SHA-256 of what ships.
   */
  readonly subject: string;
  /**
   * SHA-256 of what stood at the stage before.
   */
  readonly from?: string;
  /**
   * For `confirm` and `abandon`: sequence number of the claim.
   */
  readonly claims?: number;
  /**
   * Digest of the evidence that let it through.
   */
  readonly evidence: string;
  /**
   * Commit whose evidence it is.
   */
  readonly commit?: string;
  /**
   * Tags of the registry that belong to this entry.
   *
   * @maxItems 10
   */
  readonly tags?: readonly string[];
  /**
   * How the evidence was verified. `artifact`: the run that made it is the right one as GitHub tells it, and its own artifact holds the same document. `run`: the run only. `ledger`: the run is gone, but an earlier promotion had verified the same evidence. `no`: nobody was asked, because whoever promoted said so.
   */
  readonly verified?: 'artifact' | 'run' | 'ledger' | 'no';
  /**
   * Codes of what did not stop the promotion but should be known.
   *
   * @maxItems 30
   */
  readonly warnings?: readonly string[];
  /**
   * Known regressions in the evidence that people accepted, and who did.
   *
   * @maxItems 100
   */
  readonly accepted?: readonly AcceptedRegression[];
  /**
   * Login of who asked for it.
   */
  readonly actor: string;
  /**
   * URL of the run that did it.
   */
  readonly run?: string;
  /**
   * Why, in the words of who asked.
   */
  readonly reason: string;
  /**
   * SHA-256 of this entry's canonical JSON (RFC 8785) without `hash`.
   */
  readonly hash: string;
}
/**
 * One of them.
 */
export interface AcceptedRegression {
  /**
   * Id of the check.
   */
  readonly check: string;
  /**
   * Who accepted it.
   */
  readonly actor: string;
}
