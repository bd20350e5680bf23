import { judgeDiffs, listDiffGates } from '../../data/diff/judge-diffs.ts';
import { listPersonal } from '../../data/privacy/list-personal.ts';
import { TableError } from '../../engine/engine.ts';
import { UserError } from '../../evidence/errors.ts';
import type { DataDiffConfig } from '../../schemas/config.generated.ts';
import type { BaselineUsed, DataDiff } from '../../schemas/evidence.generated.ts';
import { queryOptions } from '../begin-step.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS, type Findings } from '../findings.ts';
import { compareRows } from './compare-rows.ts';
import type { DatasetRequest } from './dataset-step.ts';

/** Rows of each kind that evidence shows. */
const EXAMPLES = 5;

/** The rows of a dataset beside those of the file at the commit that main's record was made of. */
export async function diffStep(request: DatasetRequest, effects: ChainEffects): Promise<Findings> {
  const { name, dataset, parsed } = request;
  const config = dataset.diff;
  if (config === undefined) return NO_FINDINGS;
  const { used } = await request.findBaseline();
  const found = request.readable ? await diffWithMain(request, config, used, effects) : {};
  const dataDiffs = found.diff === undefined ? [] : [found.diff];
  const gates = listDiffGates(parsed.config, parsed.locate).filter((gate) => gate.dataset === name);
  return {
    ...NO_FINDINGS,
    dataDiffs,
    checks: judgeDiffs({ gates, diffs: dataDiffs, baseline: used, missing: 'inconclusive' }),
    notes: found.note === undefined ? [] : [found.note],
  };
}

interface Found {
  readonly diff?: DataDiff;
  /** Why there is none. */
  readonly note?: string;
}

async function diffWithMain(
  { name, dataset, source, personal }: DatasetRequest,
  config: DataDiffConfig,
  { commit }: BaselineUsed,
  effects: ChainEffects,
): Promise<Found> {
  const cannot = (why: string): Found => ({
    note: `The rows of \`${name}\` were not held against main's: ${why}`,
  });
  if (commit === undefined) return {};
  if (source.shards !== undefined)
    return cannot('it is several files, and only one file can be found in a commit.');
  if (effects.openCommitted === undefined) return cannot('there is no clone to look into.');
  try {
    const before = await effects.openCommitted(commit, dataset.path);
    const diff = await compareRows({
      engine: effects.engine,
      dataset: name,
      now: source,
      before: { ...source, path: before, named: `${dataset.path} at ${commit.slice(0, 7)}` },
      against: `${dataset.path} at ${commit.slice(0, 7)}`,
      key: config.key,
      exclude: config.exclude,
      examples: EXAMPLES,
      personal: listPersonal(personal),
      ...(config.tolerance === undefined ? {} : { tolerance: config.tolerance }),
      options: queryOptions(effects),
    });
    return { diff };
  } catch (error) {
    // What another commit lacks, or holds twice, is no fault of this one: a bound on rows is then undecided.
    if (!(error instanceof UserError) && !(error instanceof TableError)) throw error;
    return cannot(`${error.message} ${error.help ?? ''}`.trim());
  }
}
