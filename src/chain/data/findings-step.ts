import { listDeclaredTypes } from '../../data/column-types.ts';
import type { Family } from '../../data/findings/finding-kinds.ts';
import type { InspectedDataset } from '../../data/findings/inspected-dataset.ts';
import { judgeDataFindings, skipDataBounds } from '../../data/findings/judge-data-findings.ts';
import { listDataBounds } from '../../data/findings/list-data-bounds.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import { beginStep, queryOptions } from '../begin-step.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS } from '../findings.ts';
import type { DatasetRequest, DatasetStep } from './dataset-step.ts';

/** A step that measures, and judges what it measured as anybody can judge it again. */
export function makeFindingsStep(
  family: Family,
  measure: (
    inspected: InspectedDataset,
    request: DatasetRequest,
    effects: ChainEffects,
  ) => Promise<readonly DataFinding[]>,
): DatasetStep {
  return async (request, effects) => {
    const { name, dataset, parsed } = request;
    const asked = listDataBounds({ data: { [name]: dataset } }, parsed.locate);
    const bounds = asked.filter((bound) => bound.family === family);
    if (!request.readable) {
      return { ...NO_FINDINGS, checks: skipDataBounds(bounds, 'the file could not be read as a table') };
    }
    beginStep(effects, `data/${name}/${family}`);
    const dataFindings = await measure(inspectedOf(request, effects), request, effects);
    return { ...NO_FINDINGS, dataFindings, checks: judgeDataFindings(bounds, dataFindings) };
  };
}

export function inspectedOf(
  { name, dataset, schema, source }: Pick<DatasetRequest, 'name' | 'dataset' | 'schema' | 'source'>,
  effects: ChainEffects,
): InspectedDataset {
  return {
    engine: effects.engine,
    dataset: name,
    source,
    roles: dataset.columns ?? {},
    declaredTypes: (column) => listDeclaredTypes(schema, column),
    options: queryOptions(effects),
  };
}
