/** What a reference of a rule means in this config: a metric of a model, or a number of a metrics file. */
import { findNearest } from '../../evidence/find-nearest.ts';
import type { MetricDefinition } from '../../metrics/definition.ts';
import { findDirection } from '../../metrics/find-metric.ts';
import { columnsOf, isCondition, isCrossing, type SliceEntries } from '../../outcomes/slice-entries.ts';
import { nameSlice } from '../../outcomes/slices.ts';
import type { BinnedColumn, Config, ModelConfig } from '../../schemas/config.generated.ts';
import { findMissingColumn, findModelMetric, metricsOfModel } from '../find-model-metric.ts';
import type { MetricGate } from '../gate.ts';
import type { Reference, SliceTerm } from './rule-syntax.ts';
import { unitOfKey } from './units.ts';

export type RuledConfig = Pick<Config, 'models' | 'metrics' | 'rules'>;

/** The metric that a condition is about, with what is known of it before anything is measured. */
export interface Subject {
  readonly about: MetricGate['about'];
  readonly metric: string;
  readonly direction: MetricDefinition['direction'] | undefined;
  /** Undefined for a number of a metrics file: what wrote the file may count in percent. */
  readonly bounds: MetricDefinition['bounds'] | undefined;
  readonly unit: string | undefined;
}

/** A subject, or what is wrong, as a sentence. */
export type Found = { readonly subject: Subject } | { readonly mistake: string };

/** A way to read a path: which section, which name, and what is left for the metric. */
interface Reading {
  readonly section: 'models' | 'metrics';
  readonly name: string;
  readonly metric: string;
}

/**
 * Finds the metric that a reference names. A path may be read in several ways, because names and keys may hold dots: the
 * one that exists is meant.
 */
export function findSubject(reference: Reference, config: RuledConfig): Found {
  const readings = listReadings(reference, config);
  const sliced = reference.slice.length > 0;
  const known = readings.filter(
    ({ section, name, metric }) =>
      (section === 'metrics' && !sliced) ||
      (section === 'models' && findReadMetric(config.models?.[name], metric) !== undefined),
  );
  const [reading, other] = known;
  if (reading === undefined) return { mistake: explainUnknown(reference, readings, config) };
  if (other !== undefined) {
    const [one, two] = [reading, other].map(
      ({ section, name, metric }) => `\`${section}.${name}."${metric}"\``,
    );
    return { mistake: `\`${reference.path}\` may mean ${one} or ${two}: write the one that you mean.` };
  }
  return reading.section === 'models'
    ? describeModelMetric(reading, reference.slice, config)
    : { subject: describeNumber(reading, config) };
}

const SECTIONS = ['models', 'metrics'] as const;

function listReadings({ path, metric }: Reference, config: RuledConfig): readonly Reading[] {
  return SECTIONS.flatMap((section) =>
    [path, ...(path.startsWith(`${section}.`) ? [path.slice(section.length + 1)] : [])].flatMap((rest) =>
      Object.keys(config[section] ?? {}).flatMap((name): readonly Reading[] => {
        if (metric !== undefined) return rest === name ? [{ section, name, metric }] : [];
        const key = rest.startsWith(`${name}.`) ? rest.slice(name.length + 1) : '';
        return key === '' ? [] : [{ section, name, metric: key }];
      }),
    ),
  );
}

function findReadMetric(model: ModelConfig | undefined, name: string): MetricDefinition | undefined {
  return model === undefined ? undefined : findModelMetric(model, name);
}

function explainUnknown(
  { path, slice, metric }: Reference,
  readings: readonly Reading[],
  { models = {}, metrics = {} }: RuledConfig,
): string {
  const [reading] = readings;
  if (reading === undefined) {
    const names = [...Object.keys(models), ...Object.keys(metrics)];
    const wanted = metric === undefined ? (path.split('.')[0] ?? path) : path;
    const nearest = findNearest(wanted, names);
    const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
    const what =
      metric === undefined && names.includes(path)
        ? `\`${path}\` needs a metric, such as \`${path}.accuracy\`.`
        : `there is no model and no metrics file \`${wanted}\`.${hint}`;
    return `${what} Models: ${listNames(models)}. Metrics files: ${listNames(metrics)}.`;
  }
  if (reading.section === 'metrics' && slice.length > 0)
    return `\`${reading.name}\` is a metrics file, which has no slices: only models have.`;
  const model = models[reading.name];
  if (model === undefined) throw new TypeError(`There is no model ${reading.name}.`);
  const { task } = model;
  const names = metricsOfModel(model).map(({ name }) => name);
  const nearest = findNearest(reading.metric, names);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return `\`${reading.metric}\` is no metric of the model \`${reading.name}\`.${hint} Metrics of ${task}: ${names.join(', ')}.`;
}

function listNames(section: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(section);
  return names.length === 0 ? 'none' : names.join(', ');
}

function describeModelMetric(
  { name, metric }: Reading,
  slice: readonly SliceTerm[],
  config: RuledConfig,
): Found {
  const model = config.models?.[name];
  const definition = findReadMetric(model, metric);
  if (model === undefined || definition === undefined) throw new TypeError(`${name} has no ${metric}.`);
  const lacking = findMissingColumn(model, definition);
  if (lacking !== undefined) {
    return {
      mistake: `${definition.title} needs a score, and \`models.${name}.predictions\` ${lacking.missing}.`,
    };
  }
  const named = findSliceName(name, model, slice);
  if ('mistake' in named) return named;
  const { direction, bounds, unit } = definition;
  return {
    subject: { about: { model: name, ...named }, metric: definition.name, direction, bounds, unit },
  };
}

type SliceName = { readonly slice?: string } | { readonly mistake: string };

/** The slice's name as the evidence has it: columns in the order in which `slices.by` lists them. */
function findSliceName(name: string, model: ModelConfig, terms: readonly SliceTerm[]): SliceName {
  if (terms.length === 0) return {};
  const by = model.slices?.by ?? [];
  const wanted = terms.map(({ column }) => column);
  const condition = terms.find(({ value }) => value === undefined)?.column;
  if (condition !== undefined) {
    const isThere = terms.length === 1 && by.some((entry) => isCondition(entry) && entry.name === condition);
    return isThere ? { slice: condition } : { mistake: explainCondition(name, by, condition) };
  }
  const columns = columnsOf(by).find(
    (entry) => entry.length === wanted.length && entry.every((column) => wanted.includes(column)),
  );
  if (columns === undefined) return { mistake: explainSlice(name, by, wanted) };
  const values = columns.map((column) => terms.find((term) => term.column === column)?.value ?? '');
  return { slice: nameSlice(columns, values) };
}

function explainCondition(name: string, by: SliceEntries, wanted: string): string {
  const conditions = by.filter(isCondition).map((entry) => entry.name);
  const nearest = findNearest(wanted, conditions);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return `the model \`${name}\` has no condition \`${wanted}\` by itself.${hint} A slice is written as \`[column=value]\`, and a condition of \`models.${name}.slices.by\` as \`["its name"]\`.`;
}

function explainSlice(name: string, by: SliceEntries, wanted: readonly string[]): string {
  const known = by.map((entry) =>
    isCondition(entry) ? entry.name : isCrossing(entry) ? `[${entry.join(', ')}]` : nameColumn(entry),
  );
  const nearest = findNearest(
    wanted.join(', '),
    by.flatMap((entry) => (isCrossing(entry) || isCondition(entry) ? [] : [nameColumn(entry)])),
  );
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  const listed = known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`;
  const entry = wanted.length === 1 ? wanted[0] : `[${wanted.join(', ')}]`;
  return `the model \`${name}\` has no slices by \`${wanted.join(', ')}\`.${hint} ${listed} Add \`${entry}\` to \`models.${name}.slices.by\`.`;
}

function nameColumn(entry: string | BinnedColumn): string {
  return typeof entry === 'string' ? entry : entry.column;
}

function describeNumber({ name, metric }: Reading, config: RuledConfig): Subject {
  const gates = config.metrics?.[name]?.gates ?? {};
  const stated = Object.hasOwn(gates, metric) ? gates[metric]?.direction : undefined;
  return {
    about: { metricsFile: name },
    metric,
    direction: stated ?? findDirection(metric),
    bounds: undefined,
    unit: unitOfKey(metric),
  };
}
