import type { ParsedConfig } from '../config/parse-config.ts';
import { toCanonicalJson } from '../evidence/canonical-json.ts';
import { sha256 } from '../evidence/digest.ts';
import type {
  Config,
  DatasetConfig,
  MetricsFileConfig,
  ModelConfig,
  NumberGate,
} from '../schemas/config.generated.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { About, Check, Evidence, Input } from '../schemas/evidence.generated.ts';

/** What judges a change that is not merged yet: the config of what it goes into, and the files that config names. */
export interface TrustedPolicy {
  readonly parsed: ParsedConfig;
  /** What the SHA-256 of each dataset's schema may be, by the dataset's name; absent where the base has no such file. */
  readonly schemaDigests: ReadonlyMap<string, readonly string[]>;
  /** The same for each file that a schema refers to, by the dataset's name and the file's path; none where it refers to none. */
  readonly referredDigests?: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** Each dataset's schema, where the base has one that this version reads. */
  readonly schemas?: ReadonlyMap<string, DataSchema>;
}

/** SHA-256 of a text file as git may check it out: with the line ends it has, or on Windows with CR LF. */
export function digestCheckouts(text: string): readonly string[] {
  const unix = text.replaceAll('\r\n', '\n');
  return [sha256(text), sha256(unix), sha256(unix.replaceAll('\n', '\r\n'))];
}

/**
 * One undecided check for each thing that was measured in another way than the base asks for. Thresholds can be judged
 * anew from the numbers; which file, column, schema, baseline or seed the numbers rest on cannot. So a change that
 * compares its candidate with itself, or empties a data schema, is never a plain pass.
 * @param own the change's own config, where it is at hand and can be believed to have been used
 */
export function findChangedMeasurement(
  evidence: Evidence,
  trusted: TrustedPolicy,
  own: Config | undefined,
): readonly Check[] {
  const { config } = trusted.parsed;
  const changed = [
    ...Object.entries(config.data ?? {}).map(
      ([name, dataset]) =>
        [
          'data',
          name,
          listDatasetChanges(evidence, trusted, [name, dataset], findOwn(own?.data, name)),
        ] as const,
    ),
    ...Object.entries(config.models ?? {}).map(
      ([name, model]) =>
        ['models', name, listModelChanges(evidence, name, model, findOwn(own?.models, name))] as const,
    ),
    ...Object.entries(config.metrics ?? {}).map(
      ([name, file]) =>
        ['metrics', name, listFileChanges(evidence, name, file, findOwn(own?.metrics, name))] as const,
    ),
    ['comparison', 'baseline', listSharedChanges(evidence, config, own)] as const,
  ];
  return changed
    .filter(([, , what]) => what.length > 0)
    .map(([section, name, what]) => toCheck(trusted.parsed, section, name, what));
}

function findInput(evidence: Evidence, role: Input['role'], name: string): Input | undefined {
  return evidence.body.inputs.find((input) => input.role === role && input.name === name);
}

/** Where there is no such input, nothing was measured: that is another check's finding. */
function listPathChange(
  evidence: Evidence,
  role: Input['role'],
  name: string,
  path: string | undefined,
): readonly string[] {
  const input = findInput(evidence, role, name);
  if (input === undefined || input.path === path) return [];
  return [
    `the ${role.replace('-', ' ')} is \`${input.path}\` instead of ${path === undefined ? 'none' : `\`${path}\``}`,
  ];
}

function listDatasetChanges(
  evidence: Evidence,
  { schemaDigests, referredDigests }: TrustedPolicy,
  [name, dataset]: readonly [name: string, dataset: DatasetConfig],
  own: DatasetConfig | undefined,
): readonly string[] {
  const schema = findInput(evidence, 'data-schema', name);
  const samePath = schema === undefined || schema.path === dataset.schema;
  const edited = schema !== undefined && samePath && !(schemaDigests.get(name) ?? []).includes(schema.sha256);
  return [
    ...listPathChange(evidence, 'dataset', name, dataset.path),
    ...listPathChange(evidence, 'data-schema', name, dataset.schema),
    ...(isReadOtherwise(dataset, own) ? ['how it is read, or what it is held against, is edited'] : []),
    ...(own !== undefined && own.environment !== dataset.environment
      ? ['the environment that the data are of is edited']
      : []),
    ...(edited ? [`the schema \`${dataset.schema}\` is edited`] : []),
    ...(samePath && !edited
      ? listReferredChanges(evidence, name, dataset.schema, referredDigests?.get(name))
      : []),
  ];
}

function isReadOtherwise(dataset: DatasetConfig, own: DatasetConfig | undefined): boolean {
  if (own === undefined) return false;
  return toCanonicalJson(describeReading(own)) !== toCanonicalJson(describeReading(dataset));
}

/** What decides what is found in a dataset besides its file and schema; bounds on it are judged anew and not here. */
function describeReading({
  format,
  environment,
  columns,
  diff,
  drift,
  skew,
  leakage,
}: DatasetConfig): object {
  const { key, exclude, tolerance } = diff ?? {};
  return {
    format,
    environment,
    columns,
    diff: { key, exclude, tolerance },
    drift: describeDrift(drift),
    skew: describeDrift(skew),
    leakage: describeLeakage(leakage),
  };
}

/** What splits are held against, and what near duplicates are; bounds are judged anew. */
function describeLeakage(asked: DatasetConfig['leakage']): object | undefined {
  const { columns, similarity } = asked?.['near-duplicates'] ?? {};
  return asked === undefined
    ? undefined
    : { against: asked.against, splits: asked.splits, columns, similarity };
}

/** What decides how far data have moved, besides the thresholds. */
function describeDrift(asked: DatasetConfig['drift']): object | undefined {
  if (asked === undefined) return undefined;
  const { against, exclude, multivariate, columns = {} } = asked;
  const methods = Object.entries(columns).map(([column, { method }]) => [column, method]);
  return { against, exclude, multivariate, methods };
}

/** Files that a schema refers to which the base has not, or has otherwise, and those that are left out. */
function listReferredChanges(
  evidence: Evidence,
  name: string,
  schema: string,
  trusted: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly string[] {
  const inputs = evidence.body.inputs.filter((input) => input.role === 'data-schema' && input.name === name);
  const referred = inputs.filter(({ path }) => path !== schema);
  const edited = referred.filter(({ path, sha256 }) => !(trusted.get(path) ?? []).includes(sha256));
  const missing = [...trusted.keys()].filter((path) => !referred.some((input) => input.path === path));
  return [...edited.map(({ path }) => path), ...(inputs.length === 0 ? [] : missing)].map(
    (path) => `\`${path}\`, to which the schema \`${schema}\` refers, is edited`,
  );
}

function listModelChanges(
  evidence: Evidence,
  name: string,
  model: ModelConfig,
  own: ModelConfig | undefined,
): readonly string[] {
  const columns =
    own !== undefined &&
    toCanonicalJson(describeMeasurement(own)) !== toCanonicalJson(describeMeasurement(model));
  return [
    ...listPathChange(evidence, 'predictions', name, model.predictions.path),
    ...listPathChange(evidence, 'baseline-predictions', name, model['baseline-predictions']),
    ...listPathChange(evidence, 'training-predictions', name, model.training?.path),
    ...listPathChange(evidence, 'targets', name, model.predictions.targets?.path),
    ...listPathChange(evidence, 'features', name, model.recompute?.features),
    ...(columns ? ['the task, or how the predictions are read, cut into slices or compared, is edited'] : []),
  ];
}

/** What decides a model's numbers besides the files. */
function describeMeasurement(model: ModelConfig): object {
  const { task, predictions, unpaired, 'compatible-test-sets': compatible, seeds, slices } = model;
  const { path: _path, ...columns } = predictions;
  const { groups, reference, favourable, within } = model.fairness ?? {};
  const fairness = { groups, reference, favourable, within };
  const { 'timeout-seconds': _timeout, ...recompute } = model.recompute ?? {};
  const shares = Object.entries(model['min-gain'] ?? {}).filter(([, gain]) => typeof gain === 'string');
  return { shares, task, ...columns, unpaired, compatible, seeds, slices: slices?.by, fairness, recompute };
}

function listFileChanges(
  evidence: Evidence,
  name: string,
  file: MetricsFileConfig,
  own: MetricsFileConfig | undefined,
): readonly string[] {
  const edited = Object.entries(file.gates ?? {})
    .filter(
      ([key, gate]) => own !== undefined && describeNumber(findOwn(own.gates, key)) !== describeNumber(gate),
    )
    .map(([key]) => `how \`${key}\` varies, or which way is better, is edited`);
  const isOther = own !== undefined && (own.format !== file.format || own.run !== file.run);
  return [
    ...listPathChange(evidence, 'metrics-file', name, file.path),
    ...(isOther ? ['which run of the file its numbers are of, or the format it is read as, is edited'] : []),
    ...edited,
  ];
}

/** What decides how a number is compared, besides its thresholds. */
function describeNumber({ noise, folds, seeds = false, direction }: Partial<NumberGate> = {}): string {
  return toCanonicalJson({ noise, folds, seeds, direction });
}

function listSharedChanges(evidence: Evidence, base: Config, own: Config | undefined): readonly string[] {
  const baseline = own !== undefined && toCanonicalJson(own.baseline) !== toCanonicalJson(base.baseline);
  const resamples = own !== undefined && own.comparison.resamples !== base.comparison.resamples;
  return [
    ...(evidence.body.seed === base.comparison.seed
      ? []
      : [`the seed is ${evidence.body.seed} instead of ${base.comparison.seed}`]),
    ...(resamples ? ['the number of resamples is edited'] : []),
    ...(baseline ? ['the block `baseline` is edited'] : []),
  ];
}

const ABOUT: Readonly<Record<string, 'dataset' | 'model' | 'metricsFile'>> = {
  data: 'dataset',
  models: 'model',
  metrics: 'metricsFile',
};

function toCheck(parsed: ParsedConfig, section: string, name: string, what: readonly string[]): Check {
  const kind = ABOUT[section];
  const about: About = kind === undefined ? {} : { [kind]: name };
  return {
    id: `${section}/${name}/measurement`,
    name: 'measurement',
    about,
    verdict: 'inconclusive',
    reason: 'policy-changed',
    severity: 'fail',
    message: `This change also changes what is measured: ${what.join('; ')}. By the base branch's config nothing was measured here, so look at the change itself; it counts once it is merged.`,
    source: parsed.locate(kind === undefined ? [section] : [section, name]),
  };
}

/** An entry that an object has itself: a model may be called `constructor`. */
function findOwn<T>(entries: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}
