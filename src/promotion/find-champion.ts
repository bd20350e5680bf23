import type { Champion } from '../baseline/champion.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { LEDGER_REF, readLedger } from './ledger-store.ts';
import { listClaims } from './ledger.ts';

/** The model that the newest confirmed promotion put at a stage. Throws a WorldError if the ledger cannot be reached. */
export async function findChampion(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  model: string,
  stage: string,
): Promise<Champion> {
  const reading = await readLedger(store, await store.resolve(LEDGER_REF));
  if (reading.kind === 'broken')
    return {
      kind: 'unknown',
      reason: `The promotion ledger is broken in line ${reading.line}: ${reading.reason}.`,
    };
  const promoted = listClaims(reading.ledger).findLast(
    ({ claim, state }) => state === 'confirmed' && claim.model === model && claim.stage === stage,
  );
  if (promoted === undefined)
    return { kind: 'unknown', reason: `The promotion ledger names no ${model} at ${stage}.` };
  return { kind: 'known', sha256: promoted.claim.subject };
}
