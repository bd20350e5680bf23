/** What else changed since the baseline, beside the numbers: the likely causes of what the numbers did. */
import type { AnomalyName } from '../data/anomalies.ts';
import { boundDistinctly } from '../evidence/bound-text.ts';
import { roundFigures } from '../evidence/round-figures.ts';
import type {
  Change,
  Check,
  EvidenceBody,
  EvidenceScalar,
  Input,
  Params,
} from '../schemas/evidence.generated.ts';

/** Changes that evidence has room for. */
const MAX_CHANGES = 500;

/** The parts of evidence that are laid beside the baseline's. */
export type Circumstances = Pick<EvidenceBody, 'inputs' | 'checks' | 'tool' | 'params'>;

/** Nearest cause first. */
const KINDS = ['param', 'config', 'data', 'input', 'tool'] as const satisfies readonly Change['kind'][];

/**
 * Parameters, settings, datasets, files and the tool's version that are not what they were, as `dvc params diff` and
 * its like show them: parameters first, then by name and key. Only what both have is compared: evidence of a single
 * step, or of an older version of mlgate, lacks parts without anything having changed. None without a baseline.
 */
export function explainChanges(
  candidate: Circumstances,
  baseline: Circumstances | undefined,
): readonly Change[] {
  if (baseline === undefined) return [];
  // The baseline's figures are rounded, as those of all evidence.
  const own = roundFigures(candidate);
  const changes = [
    ...compareParams(own.params ?? [], baseline.params ?? []),
    ...compareData(own.checks, baseline.checks),
    ...compareInputs(own.inputs, baseline.inputs),
    ...compareValues(
      { kind: 'tool', name: 'mlgate', key: 'version' },
      own.tool.version,
      baseline.tool.version,
    ),
  ];
  return changes.sort(compareChanges).slice(0, MAX_CHANGES);
}

function compareChanges(a: Change, b: Change): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    compareTexts(a.name ?? '', b.name ?? '') ||
    compareTexts(a.key, b.key)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Undefined: it has no such value. */
function compareValues(
  what: Pick<Change, 'kind' | 'name' | 'key'>,
  candidate: EvidenceScalar | undefined,
  baseline: EvidenceScalar | undefined,
): readonly Change[] {
  if (candidate === baseline) return [];
  return [
    {
      ...what,
      ...(baseline === undefined ? {} : { baseline }),
      ...(candidate === undefined ? {} : { candidate }),
    },
  ];
}

function compareParams(own: readonly Params[], others: readonly Params[]): readonly Change[] {
  return own.flatMap((params) => {
    // There is one config, whatever its file is called.
    const other = others.find(
      ({ kind, name }) => kind === params.kind && (kind === 'config' || name === params.name),
    );
    return other === undefined ? [] : compareDocuments(params, other);
  });
}

function compareDocuments(own: Params, other: Params): readonly Change[] {
  const [now, before] = [new Map(Object.entries(own.values)), new Map(Object.entries(other.values))];
  const kind = own.kind === 'params' ? 'param' : 'config';
  return [...new Set([...now.keys(), ...before.keys()])].flatMap((key) => {
    // A value that one side lacks may be among those that were left out there.
    const leftOut = now.has(key) ? other.omitted : own.omitted;
    if (now.has(key) !== before.has(key) && (leftOut ?? 0) > 0) return [];
    return compareValues({ kind, name: own.name, key }, now.get(key), before.get(key));
  });
}

/** What checks of the same dataset counted: cells that break a rule, or the share of cells without a value. */
function compareData(own: readonly Check[], others: readonly Check[]): readonly Change[] {
  const before = new Map(others.map((check) => [check.id, check]));
  return own.flatMap((check) => {
    const other = before.get(check.id);
    const { dataset } = check.about;
    if (dataset === undefined || other === undefined) return [];
    const [now, then] = [countOf(check), countOf(other)];
    if (now === undefined || then === undefined) return [];
    const key = boundDistinctly(check.id.replace(`data/${dataset}/`, ''));
    return compareValues({ kind: 'data', name: dataset, key }, now, then);
  });
}

/** Checks whose observed value is a share; of the others it is the value of an offending cell. */
const SHARES: readonly string[] = [
  'FEATURE_TYPE_LOW_FRACTION_PRESENT',
  'FEATURE_HIGH_FRACTION_PRESENT',
] satisfies readonly AnomalyName[];

/** Undefined for a check that counted nothing. */
function countOf({ name, verdict, observed, violations = 0 }: Check): number | undefined {
  if (verdict === 'skipped') return undefined;
  if (!SHARES.includes(name)) return violations;
  return typeof observed === 'number' ? observed : undefined;
}

const COMPARED_ROLES = [
  'dataset',
  'data-schema',
  'artifact',
  'metrics-file',
] as const satisfies readonly Input['role'][];

/** Files that have the same place in the config. Predictions are left out: they are what is being compared. */
function compareInputs(own: readonly Input[], others: readonly Input[]): readonly Change[] {
  return own.flatMap((input, index) => {
    const isNamesake = ({ role, name }: Input): boolean => role === input.role && name === input.name;
    // A data schema may be several files: the first is its own, the others are told apart by their paths.
    const isFirst = own.findIndex(isNamesake) === index;
    const other = others.find((one) => isNamesake(one) && (isFirst || one.path === input.path));
    if (other === undefined || !COMPARED_ROLES.some((role) => role === input.role)) return [];
    const name = input.name ?? input.path;
    return (['path', 'sha256', 'rows', 'columns', 'format'] as const).flatMap((field) =>
      compareValues({ kind: 'input', name, key: `${input.role}.${field}` }, input[field], other[field]),
    );
  });
}
