/** Accepted regressions on the baseline's branch: one immutable file each, written only by people with write access. */
import { UserError } from '../evidence/errors.ts';
import { sha256 } from '../evidence/digest.ts';
import { writeWithRetry, type RefStore, type RetryTiming, type WritePlan } from '../platform/ref-store.ts';
import { validateDocument } from '../schemas/validate.ts';
import type { Acceptance } from '../schemas/evidence.generated.ts';
import { acceptancePath, ACCEPTANCES_FOLDER, BRANCH_README, branchRef } from './layout.ts';

/** Largest file of an acceptance, in bytes: its schema bounds every string. */
const MAX_ACCEPTANCE_BYTES = 20_000;

/** Files that are read, newest first: what is older has expired. */
const MAX_ACCEPTANCES = 300;

export interface AcceptancesRead {
  readonly acceptances: readonly Acceptance[];
  /** Why files that are no acceptances were passed over. */
  readonly refused: readonly string[];
}

/** Those that had not expired at a time, newest first. A file that is none is passed over with a reason, never obeyed. */
export async function readAcceptances(
  store: Pick<RefStore, 'resolve' | 'readFile' | 'listFiles'>,
  branch: string,
  now: Date,
): Promise<AcceptancesRead> {
  const tip = await store.resolve(branchRef(branch));
  if (tip === undefined) return { acceptances: [], refused: [] };
  const files = await store.listFiles(tip, ACCEPTANCES_FOLDER);
  const newest = files
    .map(({ path }) => path)
    .toSorted()
    .toReversed()
    .slice(0, MAX_ACCEPTANCES);
  const acceptances: Acceptance[] = [];
  const refused: string[] = [];
  for (const path of newest) {
    const read = await readOne(store, tip, path);
    if (typeof read === 'string') refused.push(read);
    else if (Date.parse(read.expires) > now.getTime()) acceptances.push(read);
  }
  return { acceptances, refused };
}

async function readOne(
  store: Pick<RefStore, 'readFile'>,
  tip: string,
  path: string,
): Promise<Acceptance | string> {
  const reason = `\`${path}\` on the baseline's branch is not an acceptance that mlgate wrote, and does not count.`;
  try {
    const bytes = await store.readFile(tip, path, MAX_ACCEPTANCE_BYTES);
    if (bytes === undefined) return reason;
    const result = validateDocument('acceptance', JSON.parse(Buffer.from(bytes).toString('utf8')));
    return result.ok && pathOf(result.document) === path ? result.document : reason;
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError) return reason;
    throw error;
  }
}

/** The name holds when, what and a digest of everything, so that no two are one file and none can be another's. */
function pathOf(acceptance: Acceptance): string {
  return acceptancePath(acceptance.at, sha256(printAcceptance(acceptance)));
}

function printAcceptance(acceptance: Acceptance): string {
  return `${JSON.stringify(acceptance, null, 1)}\n`;
}

/** Appends acceptances by compare-and-swap. Throws a WorldError if the store cannot be written. */
export async function recordAcceptances(
  store: RefStore,
  { branch, acceptances }: { readonly branch: string; readonly acceptances: readonly Acceptance[] },
  timing: RetryTiming,
): Promise<void> {
  const files = new Map(acceptances.map((acceptance) => [pathOf(acceptance), printAcceptance(acceptance)]));
  const names = acceptances.map(({ check }) => check).join(', ');
  const plan = async (tip: string | undefined): Promise<WritePlan<undefined>> => ({
    kind: 'write',
    files: tip === undefined ? new Map([...files, ['README.md', BRANCH_README]]) : files,
    message: `Accepted: ${names}\n\n${acceptances.map(({ actor, reason }) => `By ${actor}: ${reason}`).join('\n')}`,
    value: undefined,
  });
  await writeWithRetry(store, branchRef(branch), plan, timing);
}
