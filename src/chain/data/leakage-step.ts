import { isFaultOfContent } from '../../engine/fault-of-content.ts';
import type { InspectedDataset } from '../../data/findings/inspected-dataset.ts';
import { listColumns } from '../../data/findings/inspected-dataset.ts';
import { listSplitPairs, namePair } from '../../data/findings/list-data-bounds.ts';
import { inspectLabel } from '../../data/leakage/inspect-label.ts';
import { inspectSplits, type InspectedPair } from '../../data/leakage/inspect-splits.ts';
import type { TableSource } from '../../engine/engine.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';
import { openDataset } from './open-dataset.ts';
import type { DatasetRequest } from './dataset-step.ts';
import { makeFindingsStep } from './findings-step.ts';

/** What splits share, and what gives the label away. */
export const leakageStep = makeFindingsStep('leakage', async (inspected, request, effects) => {
  const { dataset, parsed } = request;
  const { leakage } = dataset;
  if (leakage === undefined) return [];
  const { seed } = parsed.config.comparison;
  const findings: DataFinding[] = [...(await inspectLabel(inspected, seed))];
  for (const pair of await listPairs(inspected, request, effects)) {
    findings.push(...(await inspectSplits(inspected, pair, leakage, seed)));
  }
  return findings;
});

async function listPairs(
  inspected: InspectedDataset,
  request: DatasetRequest,
  effects: ChainEffects,
): Promise<readonly InspectedPair[]> {
  const { leakage, columns: { split } = {} } = request.dataset;
  const { source } = inspected;
  const laterColumns = await listColumns(inspected);
  const pairs: InspectedPair[] = [];
  for (const against of leakage?.against ?? []) {
    const earlier = await findOther(against, request, effects);
    const earlierColumns =
      earlier === undefined ? undefined : await listReadable({ ...inspected, source: earlier });
    // What the other is not, its own checks say; this one's bounds are then unanswered.
    if (earlier === undefined || earlierColumns === undefined) continue;
    pairs.push({
      against,
      earlierName: `\`${against}\``,
      earlier: { source: earlier },
      later: { source },
      earlierColumns,
      laterColumns,
    });
  }
  if (split === undefined || !laterColumns.includes(split)) return pairs;
  const ofFile = listSplitPairs(leakage?.splits).map(([earlier, later]) => ({
    against: namePair(earlier, later),
    earlierName: `split \`${earlier}\``,
    earlier: { source, only: { column: split, value: earlier } },
    later: { source, only: { column: split, value: later } },
    earlierColumns: laterColumns,
    laterColumns,
  }));
  return [...pairs, ...ofFile];
}

/** Another dataset of the config, read as its own schema says. */
async function findOther(
  name: string,
  { parsed }: DatasetRequest,
  effects: ChainEffects,
): Promise<TableSource | undefined> {
  const { data = {} } = parsed.config;
  const other = Object.hasOwn(data, name) ? data[name] : undefined;
  if (other === undefined) return undefined;
  return await openDataset(other, effects);
}

/** Undefined for a file that is no table, which its own checks say. */
async function listReadable(inspected: InspectedDataset): Promise<readonly string[] | undefined> {
  try {
    return await listColumns(inspected);
  } catch (error) {
    if (isFaultOfContent(error)) return undefined;
    throw error;
  }
}
