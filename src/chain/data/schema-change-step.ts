import type { BaselineFound } from '../../baseline/find-baseline.ts';
import { MAX_DOCUMENT_BYTES } from '../../config/limits.ts';
import { describeSchemaChange } from '../../data/schema-diff/describe-schema-change.ts';
import { boundSentence, boundText } from '../../evidence/bound-text.ts';
import { UserError } from '../../evidence/errors.ts';
import { readTextFile } from '../../platform/read-text-file.ts';
import type { DataSchemaChange, EvidenceBody } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS, type Findings } from '../findings.ts';
import { readDataSchema } from '../read-data-schema.ts';
import type { DatasetRequest } from './dataset-step.ts';

/** What evidence has room for. */
const MAX_CHANGES = 100;
/** Those that a reviewer must look at come first. */
const ORDER = ['loosening', 'both', 'unknown', 'tightening', 'none'] as const;

/** What an edited data schema allows that main's did not, for who reviews the edit. Judges nothing. */
export async function schemaChangeStep(request: DatasetRequest, effects: ChainEffects): Promise<Findings> {
  const { name, dataset, schema } = request;
  const found = await request.findBaseline();
  const { commit } = found.used;
  if (commit === undefined || (await isUnchanged(request, found, effects))) return NO_FINDINGS;
  try {
    const before = await readCommittedSchema(dataset.schema, commit, effects);
    const { effect, changes } = describeSchemaChange(before, schema);
    if (changes.length === 0) return NO_FINDINGS;
    const shown = changes.toSorted((one, other) => ORDER.indexOf(one.effect) - ORDER.indexOf(other.effect));
    const change: DataSchemaChange = {
      dataset: name,
      against: `${dataset.schema} at ${commit.slice(0, 7)}`,
      effect,
      changes: shown.slice(0, MAX_CHANGES).map(({ column, effect: single, text }) => ({
        ...(column === undefined ? {} : { column: boundText(column) }),
        effect: single,
        text: boundSentence(text),
      })),
      ...(changes.length > MAX_CHANGES ? { omitted: changes.length - MAX_CHANGES } : {}),
    };
    return { ...NO_FINDINGS, schemaChanges: [change] };
  } catch (error) {
    // What another commit lacks is no fault of this one.
    if (!(error instanceof UserError)) throw error;
    const note = `The data schema of \`${name}\` differs from main's; in what could not be told: ${error.message}`;
    return { ...NO_FINDINGS, notes: [note] };
  }
}

/** Whether main's record was made with the same files of the schema, or says nothing of them. */
async function isUnchanged(
  { name, dataset, referred }: DatasetRequest,
  { evidence }: BaselineFound,
  effects: ChainEffects,
): Promise<boolean> {
  const recorded = listSchemaDigests(evidence?.body, name);
  if (recorded.length === 0 || effects.openCommitted === undefined) return true;
  const paths = [dataset.schema, ...referred.map(({ file }) => effects.besidePath(dataset.schema, file))];
  const now = await Promise.all(paths.map(async (path) => (await effects.identifyFile(path)).sha256));
  return now.toSorted().join(' ') === recorded.toSorted().join(' ');
}

function listSchemaDigests(body: EvidenceBody | undefined, name: string): readonly string[] {
  const inputs = body?.inputs.filter((input) => input.role === 'data-schema' && input.name === name) ?? [];
  return inputs.map(({ sha256 }) => sha256);
}

async function readCommittedSchema(
  path: string,
  commit: string,
  effects: ChainEffects,
): Promise<DatasetRequest['schema']> {
  const { openCommitted } = effects;
  if (openCommitted === undefined) throw new UserError('there is no clone to look into.');
  const readText = async (file: string): Promise<string> =>
    await readTextFile(await openCommitted(commit, file), {
      what: 'the data schema',
      maxBytes: MAX_DOCUMENT_BYTES,
    });
  const displayPath = (file: string): string => `${file} at ${commit.slice(0, 7)}`;
  return (await readDataSchema(path, { ...effects, readText, displayPath })).schema;
}
