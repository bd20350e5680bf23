import { listPersonal } from '../../data/privacy/list-personal.ts';
import { withholdPersonal } from '../../data/privacy/withhold-personal.ts';
import { validateData, type DataResult } from '../../data/validate-data.ts';
import type { DatasetProfile, Input } from '../../schemas/evidence.generated.ts';
import { queryOptions } from '../begin-step.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS, type Findings } from '../findings.ts';
import { identifyDataSchema } from '../read-data-schema.ts';
import { identifyTable } from '../read-source.ts';
import type { DatasetRequest } from './dataset-step.ts';
import { openWholeTable } from './open-whole-table.ts';

export interface Validated {
  readonly findings: Findings;
  readonly readable: boolean;
  /** Where the config asks for what needs one, and the table could be read. */
  readonly profile?: DatasetProfile;
}

/** A dataset against its schema. */
export async function validateStep(
  request: Omit<DatasetRequest, 'readable' | 'profile'>,
  effects: ChainEffects,
): Promise<Validated> {
  const { name, dataset, schema } = request;
  const engine = withholdPersonal(effects.engine, listPersonal(request.personal));
  const { whole, listInputs } = openWholeTable(request, { ...effects, engine });
  const isProfiled = dataset.profile || dataset.drift !== undefined || dataset.skew !== undefined;
  const profiling = isProfiled
    ? await (await import('./profile-step.ts')).prepareProfile(request, effects)
    : undefined;
  // The digest is taken here while the engine's process reads the same file: two cores, one wait.
  const validating = validateData({
    engine,
    dataset: name,
    source: request.source,
    displayPath: effects.evidencePath(dataset.path),
    schema,
    ...(profiling === undefined ? {} : { planProfile: profiling.plan }),
    examples: dataset.examples,
    severity: dataset.severity,
    locateSchema: (path) => ({
      ...request.locateSchema(path),
      file: effects.evidencePath(dataset.schema),
    }),
    whole,
    ...queryOptions(effects),
  });
  const [identity, result] = await settleBoth(identifyTable(dataset.path, effects), validating);
  const inputs: readonly Input[] = [
    { role: 'dataset', name, path: dataset.path, ...identity, ...sizeOf(result) },
    ...(await identifyDataSchema(name, dataset.schema, request, effects)),
    ...listInputs(),
  ];
  return {
    findings: { ...NO_FINDINGS, checks: result.checks, inputs },
    readable: result.rows !== undefined,
    ...(profiling === undefined || result.summary === undefined
      ? {}
      : { profile: profiling.build(result.summary) }),
  };
}

function sizeOf({ format, rows, columns }: DataResult): Pick<Input, 'format' | 'rows' | 'columns'> {
  return {
    ...(format === undefined ? {} : { format }),
    ...(rows === undefined ? {} : { rows }),
    ...(columns === undefined ? {} : { columns }),
  };
}

/** Both, or the first one's failure before the second's: which of two failures is told must not depend on a race. */
async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'rejected') throw one.reason;
  if (other.status === 'rejected') throw other.reason;
  return [one.value, other.value];
}
