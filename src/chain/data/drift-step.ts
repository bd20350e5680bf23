import { readingOf } from '../../data/cell-reading.ts';
import { judgeDrift, skipDrift } from '../../data/drift/judge-drift.ts';
import { listDriftGates, type DriftGate } from '../../data/drift/list-drift-gates.ts';
import { measureDrift } from '../../data/drift/measure-drift.ts';
import { hasOtherBins } from '../../data/drift/pair-columns.ts';
import { listPersonal } from '../../data/privacy/list-personal.ts';
import { profileTable } from '../../data/profile/profile-table.ts';
import type { TableSource } from '../../engine/engine.ts';
import { isFaultOfContent } from '../../engine/fault-of-content.ts';
import { UserError } from '../../evidence/errors.ts';
import type {
  BaselineUsed,
  DatasetProfile,
  Drift,
  DriftReference,
  Input,
} from '../../schemas/evidence.generated.ts';
import { beginStep, queryOptions } from '../begin-step.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS, type Findings } from '../findings.ts';
import { identifyTable, readSource } from '../read-source.ts';
import type { DatasetRequest, DatasetStep } from './dataset-step.ts';
import { openDataset } from './open-dataset.ts';
import { isStoredProfile, readStoredProfile } from './stored-profile.ts';

/** The same data at another time, and training beside serving. */
export const driftStep: DatasetStep = createStep('drift');
export const skewStep: DatasetStep = createStep('skew');

/** What a dataset is compared with: two profiles on the same edges, or why there are none. */
type Compared =
  | {
      readonly kind: 'profiles';
      readonly against: DriftReference;
      readonly current: DatasetProfile;
      readonly reference: DatasetProfile;
      readonly inputs: readonly Input[];
      /** The other table, where there is one and not just what was recorded of it. */
      readonly source?: TableSource;
    }
  | {
      readonly kind: 'unavailable';
      readonly against: DriftReference;
      readonly reason: NonNullable<Drift['unavailable']>;
    }
  | { readonly kind: 'unreadable'; readonly why: string };

function createStep(comparator: Drift['comparator']): DatasetStep {
  return async (request, effects) => {
    const { name, parsed, readable } = request;
    const gates = listDriftGates(parsed.config, parsed.locate).filter(
      (gate) => gate.dataset === name && gate.comparator === comparator,
    );
    const [gate] = gates;
    if (gate === undefined) return NO_FINDINGS;
    if (!readable) return skip(gates, 'the file could not be read as a table');
    beginStep(effects, `data/${name}/${comparator}`);
    const compared = await findCompared(gate, request, effects);
    if (compared.kind === 'unreadable') return skip(gates, compared.why);
    const drift = describe(gate, compared);
    const multivariate = gate.multivariate ? await classify(gate, compared, request, effects) : {};
    const baseline = gate.against.kind === 'baseline' ? (await request.findBaseline()).used : undefined;
    return judge(gates, { ...drift, ...multivariate }, compared, baseline);
  };
}

function skip(gates: readonly DriftGate[], why: string): Findings {
  return { ...NO_FINDINGS, checks: skipDrift(gates, why) };
}

function judge(
  gates: readonly DriftGate[],
  drift: Drift,
  compared: Compared,
  baseline: BaselineUsed | undefined,
): Findings {
  const inputs = compared.kind === 'profiles' ? compared.inputs : [];
  return {
    ...NO_FINDINGS,
    inputs,
    drifts: [drift],
    checks: judgeDrift({ drifts: [drift], gates, baseline }),
  };
}

function describe(gate: DriftGate, compared: Exclude<Compared, { readonly kind: 'unreadable' }>): Drift {
  if (compared.kind === 'profiles') return measureDrift({ ...compared, gate });
  const { dataset, comparator } = gate;
  const { against, reason } = compared;
  return { dataset, comparator, against, rows: 0, referenceRows: 0, columns: [], unavailable: reason };
}

/** What tells the rows of the two apart, where there are rows. */
async function classify(
  { excluded }: DriftGate,
  compared: Compared,
  { source, parsed }: DatasetRequest,
  effects: ChainEffects,
): Promise<Pick<Drift, 'multivariate'>> {
  if (compared.kind !== 'profiles' || compared.source === undefined) return {};
  const { current, reference } = compared;
  const { sampleColumns } = await import('../../data/drift/multivariate/sample-columns.ts');
  const { classifyTables } = await import('../../data/drift/multivariate/classify-tables.ts');
  const columns = await sampleColumns(
    {
      engine: effects.engine,
      current: { source, profile: current },
      reference: { source: compared.source, profile: reference },
      excluded,
    },
    queryOptions(effects),
  );
  return { multivariate: classifyTables(columns, parsed.config.comparison.seed) };
}

async function findCompared(
  gate: DriftGate,
  request: DatasetRequest,
  effects: ChainEffects,
): Promise<Compared> {
  switch (gate.against.kind) {
    case 'baseline':
      return await findRecorded(gate, request, effects);
    case 'dataset':
      return await findDataset(gate, request, effects);
    case 'path':
    default:
      return await findFile(gate, request, effects);
  }
}

async function findRecorded(
  { against }: DriftGate,
  request: DatasetRequest,
  effects: ChainEffects,
): Promise<Compared> {
  const { used, evidence } = await request.findBaseline();
  const found: DriftReference = {
    ...against,
    ...(used.commit === undefined ? {} : { commit: used.commit }),
  };
  if (evidence === undefined) return { kind: 'unavailable', against: found, reason: 'no-baseline' };
  const reference = evidence.body.profiles?.find(({ dataset }) => dataset === request.name);
  if (reference === undefined) return { kind: 'unavailable', against: found, reason: 'not-in-baseline' };
  const current = await countOnEdges(reference, request, effects);
  return { kind: 'profiles', against: found, current, reference, inputs: [] };
}

async function findDataset(
  gate: DriftGate,
  request: DatasetRequest,
  effects: ChainEffects,
): Promise<Compared> {
  const { against } = gate;
  const other = request.parsed.config.data?.[askedOf(request, gate)];
  if (other === undefined) throw new Error(`There is no dataset ${against.name}.`);
  const source = await openDataset(other, effects);
  return await compareWith(source, gate, request, effects, []);
}

/** What the config names: evidence has it cut to its bounds. */
function askedOf({ dataset }: DatasetRequest, { comparator }: DriftGate): string {
  return dataset[comparator]?.against ?? '';
}

async function findFile(gate: DriftGate, request: DatasetRequest, effects: ChainEffects): Promise<Compared> {
  const path = askedOf(request, gate);
  const identity = await identifyTable(path, effects);
  const input: Input = { role: 'referenced-table', name: request.name, path, ...identity };
  if (isStoredProfile(path)) return await compareWithStored(path, gate, request, effects, input);
  const source = await readSource({ path, cells: readingOf(request.schema) }, effects);
  return await compareWith(source, gate, request, effects, [input]);
}

/** What was counted once and kept. */
async function compareWithStored(
  path: string,
  { against, multivariate }: DriftGate,
  request: DatasetRequest,
  effects: ChainEffects,
  input: Input,
): Promise<Compared> {
  if (multivariate) {
    const named = effects.displayPath(path);
    throw new UserError(`${named} holds no rows, and \`multivariate\` needs those of both tables.`, {
      help: 'Compare `against` the table itself, or take `multivariate` out.',
    });
  }
  const reference = await readStoredProfile(path, effects);
  const current = await countOnEdges(reference, request, effects);
  return { kind: 'profiles', against, current, reference, inputs: [input] };
}

/** This table on the edges of another: its own profile, where that was made on them, or one of a scan of its own. */
async function countOnEdges(
  frozen: DatasetProfile,
  request: DatasetRequest,
  effects: ChainEffects,
): Promise<DatasetProfile> {
  const own = await request.profile();
  return hasOtherBins(frozen, own) ? await profileAs(request, request.source, frozen, effects) : own;
}

/** Columns of both tables are read as the same types, and shown or withheld alike. */
async function profileAs(
  { name, schema, personal }: DatasetRequest,
  source: TableSource,
  frozen: DatasetProfile,
  { engine, ...effects }: ChainEffects,
): Promise<DatasetProfile> {
  const subject = { engine, source, dataset: name, schema, frozen, personal: listPersonal(personal) };
  return (await profileTable(subject, queryOptions({ engine, ...effects }))).profile;
}

/** The other table is counted on this one's edges, its columns read as the same types. */
async function compareWith(
  source: TableSource,
  gate: DriftGate,
  request: DatasetRequest,
  effects: ChainEffects,
  inputs: readonly Input[],
): Promise<Compared> {
  const current = await request.profile();
  try {
    const reference = await profileAs(request, source, current, effects);
    return { kind: 'profiles', against: gate.against, current, reference, inputs, source };
  } catch (error) {
    if (!isFaultOfContent(error)) throw error;
    // Of another dataset its own checks say so; a file has none, and is the config's mistake.
    if (gate.against.kind === 'path') throw new UserError(error.message, { cause: error });
    return { kind: 'unreadable', why: `\`${gate.against.name}\` could not be read as a table` };
  }
}
