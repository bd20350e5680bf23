/** Which columns are read for a task, as what, and from which file. */
import type { TableDescription } from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import type {
  FairnessConfig,
  ModelConfig,
  PredictionsConfig,
  SlicesConfig,
} from '../schemas/config.generated.ts';
import {
  expandPattern,
  isPattern,
  refuseUnknown,
  sortByLabel,
  type LabelColumn,
  type NamedColumn,
} from './expand-pattern.ts';
import type { PartRole, Role, Slot } from './roles.ts';
import { listSliceNeeds } from './slice-entries.ts';

export interface PlanRequest {
  /** Name of the model, for messages. */
  readonly model: string;
  readonly task: ModelConfig['task'];
  readonly predictions: PredictionsConfig;
  readonly slices?: Pick<SlicesConfig, 'by' | 'search'>;
  readonly fairness?: Pick<FairnessConfig, 'groups' | 'within'>;
}

/** A file and what is in it. */
export interface DescribedFile extends TableDescription {
  /** As the config spells it. */
  readonly path: string;
}

/** What a column of several labels holds: found by asking the engine, where it is not many columns. */
export interface NestedLabels {
  readonly column: string;
  readonly elements: readonly { readonly label: string; readonly element: number | string }[];
}

export interface ColumnPlan {
  /** Of the file with the predictions. The first is the id. */
  readonly slots: readonly Slot[];
  /** Of the file with the truth, where that is another. The first is the id. */
  readonly ofTargets: readonly Slot[];
}

const WHOLE_LABELS: readonly ModelConfig['task'][] = ['binary-classification', 'multiclass-classification'];

/**
 * Everything but the scores of many labels, which are read by themselves. Throws a UserError for a column or a pattern
 * that the files do not have, with the nearest or with what is there, and for a role that the task needs.
 * @param nested what the columns hold that a multilabel task names for all its labels at once
 */
export function planColumns(
  request: PlanRequest,
  file: DescribedFile,
  targets: DescribedFile | undefined,
  nested: readonly NestedLabels[],
): ColumnPlan {
  const { predictions } = request;
  const id = slotOf('id', predictions.id);
  const own = [id, ...planOutputs(request, file, nested)];
  const truth = planTruth(request, targets ?? file, nested);
  refuseOtherLabels(request, truth, own);
  const parts = [
    ...planBelonging(predictions),
    ...planParts(request, [file, ...(targets === undefined ? [] : [targets])]),
  ];
  if (targets === undefined) {
    const slots = [...own, ...truth, ...parts];
    refuseUnknownSlots(request, slots, file);
    return { slots, ofTargets: [] };
  }
  // What is only in the file of the truth is read there.
  const isElsewhere = (slot: Slot): boolean => !hasColumns(file, slot) && hasColumns(targets, slot);
  const slots = [...own, ...parts.filter((slot) => !isElsewhere(slot))];
  const targetId = { ...id, name: predictions.targets?.id ?? predictions.id };
  const ofTargets = [targetId, ...truth, ...parts.filter(isElsewhere)];
  refuseUnknownSlots(request, slots, file);
  refuseUnknownSlots(request, ofTargets, targets);
  return { slots, ofTargets };
}

function slotOf(role: Role | PartRole, name: string | readonly string[], as: Slot['as'] = 'text'): Slot {
  return { role, part: typeof name === 'string' ? name : name.join(), name, as };
}

function hasColumns({ columns }: DescribedFile, { name }: Slot): boolean {
  return [name].flat().every((wanted) => columns.some((column) => column.name === wanted));
}

const PART_KEYS: Partial<Readonly<Record<Slot['role'], string>>> = {
  sliced: 'slices.by',
  labels: 'slices.by',
  numbers: 'slices.by',
  fairness: 'fairness.groups',
  within: 'fairness.within',
};

function keyOf({ model, slices }: PlanRequest, { role, part }: Slot): string {
  const isSearched =
    (role === 'labels' || role === 'numbers') && listSliceNeeds(slices).either.includes(part);
  const key = isSearched ? 'slices.search.columns' : PART_KEYS[role];
  return `models.${model}.${key ?? `predictions.${role}`}`;
}

function refuseUnknownSlots(request: PlanRequest, slots: readonly Slot[], file: DescribedFile): void {
  for (const slot of slots) {
    for (const name of [slot.name].flat())
      refuseUnknown(name, file.columns, whereOf(keyOf(request, slot), file));
  }
}

function whereOf(key: string, { path, hint }: DescribedFile): NamedColumn {
  return { key, file: path, ...(hint === undefined ? {} : { hint }) };
}

/** Columns that tell which examples belong together, and how many each stands for. */
function planBelonging({ group, stratum, weight, series, scale }: PredictionsConfig): readonly Slot[] {
  return [
    ...(group === undefined ? [] : [slotOf('group', group, 'label')]),
    ...(stratum === undefined ? [] : [slotOf('stratum', stratum, 'label')]),
    ...(series === undefined ? [] : [slotOf('series', series, 'label')]),
    ...(weight === undefined ? [] : [slotOf('weight', weight, 'number')]),
    ...(scale === undefined ? [] : [slotOf('scale', scale, 'number')]),
  ];
}

const NUMERIC_TYPES = ['integer', 'number'] as const;

/** Columns of slices and of groups of fairness. Those that only the search names are read as what they hold. */
function planParts({ slices, fairness }: PlanRequest, files: readonly DescribedFile[]): readonly Slot[] {
  const { sliced, labels, numbers, either } = listSliceNeeds(slices);
  const typeOf = (name: string): string | undefined =>
    files.flatMap(({ columns }) => columns).find((column) => column.name === name)?.type;
  const isNumeric = (name: string): boolean => NUMERIC_TYPES.some((type) => type === typeOf(name));
  const groups = [...new Set(fairness?.groups.flat() ?? [])].filter((name) => !sliced.includes(name));
  // A column of labels is read once, in the role that asks the most of it.
  const free = fairness?.within === undefined ? [] : [slotOf('within', fairness.within, 'label')];
  for (const name of [...labels, ...either.filter((column) => !isNumeric(column))]) {
    if (free.every((slot) => slot.part !== name)) free.push(slotOf('labels', name, 'label'));
  }
  return [
    ...sliced.map((name) => slotOf('sliced', name, 'label')),
    ...groups.map((name) => slotOf('fairness', name, 'label')),
    ...free.filter(({ part }) => !sliced.includes(part) && !groups.includes(part)),
    ...[...numbers, ...either.filter(isNumeric)].map((name) => slotOf('numbers', name, 'number')),
  ];
}

function need(request: PlanRequest, key: 'target' | 'prediction' | 'score' | 'item' | 'label'): string {
  const name = request.predictions[key];
  if (name !== undefined) return name;
  throw new UserError(
    `\`models.${request.model}.predictions\` does not name a \`${key}\` column, which ${request.task} needs.`,
    { help: `Name the column as \`${key}\`.` },
  );
}

/** The truth: of a graded task there is none. */
function planTruth(
  request: PlanRequest,
  file: DescribedFile,
  nested: readonly NestedLabels[],
): readonly Slot[] {
  const { task } = request;
  if (task === 'graded') return [];
  const target = need(request, 'target');
  if (task === 'multilabel-classification') return planLabels(request, 'target', target, file, nested);
  return [slotOf('target', target, WHOLE_LABELS.includes(task) ? 'label' : 'number')];
}

/** What the model says, and what else tells rows apart. */
function planOutputs(
  request: PlanRequest,
  file: DescribedFile,
  nested: readonly NestedLabels[],
): readonly Slot[] {
  const { task, predictions, model } = request;
  const { score, prediction, quantiles, grades, scores } = predictions;
  switch (task) {
    case 'binary-classification':
      if (score === undefined && prediction === undefined) {
        throw new UserError(`\`models.${model}.predictions\` names neither \`score\` nor \`prediction\`.`, {
          help: 'Name the column with the probability of the positive class as `score`, or the column with the predicted label as `prediction`.',
        });
      }
      return [
        ...(score === undefined ? [] : [slotOf('score', score, 'number')]),
        ...(prediction === undefined ? [] : [slotOf('prediction', prediction, 'label')]),
      ];
    case 'multiclass-classification':
      if (prediction !== undefined) return [slotOf('prediction', prediction, 'label')];
      if (scores === undefined && predictions.layout !== 'long') need(request, 'prediction');
      return [];
    case 'multilabel-classification':
      return planMultilabel(request, file, nested);
    case 'regression':
      return [slotOf('prediction', need(request, 'prediction'), 'number')];
    case 'ranking':
      return [slotOf('item', need(request, 'item')), slotOf('score', need(request, 'score'), 'number')];
    case 'quantile-regression':
    case 'forecasting':
      return [
        ...(prediction === undefined ? [] : [slotOf('prediction', prediction, 'number')]),
        ...planQuantiles(request, quantiles ?? {}),
      ];
    case 'graded':
      return Object.entries(grades ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([part, { column }]): Slot => ({ role: 'grades', part, name: column ?? part, as: 'number' }));
  }
}

/** Levels ascending. */
function planQuantiles(
  { model, task }: PlanRequest,
  quantiles: Readonly<Record<string, string>>,
): readonly Slot[] {
  const slots = Object.entries(quantiles).map(([part, name]): Slot => ({
    role: 'quantiles',
    part,
    name,
    as: 'number',
  }));
  const wrong = slots.find(({ part }) => !(Number(part) > 0 && Number(part) < 1));
  if (wrong !== undefined) {
    throw new UserError(
      `\`models.${model}.predictions.quantiles\` has the level \`${wrong.part}\`; a level is a number between 0 and 1, such as 0.9.`,
    );
  }
  if (slots.length === 0 && task === 'quantile-regression') {
    throw new UserError(`\`models.${model}.predictions\` does not name \`quantiles\`, which ${task} needs.`, {
      help: 'Name a column for each level: `quantiles: {0.1: q10, 0.5: q50, 0.9: q90}`.',
    });
  }
  return slots.sort((a, b) => Number(a.part) - Number(b.part));
}

function planMultilabel(
  request: PlanRequest,
  file: DescribedFile,
  nested: readonly NestedLabels[],
): readonly Slot[] {
  const { layout, score, scores, prediction } = request.predictions;
  if (layout === 'long') {
    return [
      slotOf('label', need(request, 'label'), 'label'),
      ...(score === undefined ? [] : [slotOf('score', score, 'number')]),
      ...(prediction === undefined ? [] : [slotOf('prediction', prediction, 'number')]),
    ];
  }
  return [
    ...(scores === undefined ? [] : planLabels(request, 'scores', scores, file, nested)),
    ...(prediction === undefined ? [] : planLabels(request, 'prediction', prediction, file, nested)),
  ];
}

function labelsOf(slots: readonly Slot[], role: Role): readonly string[] {
  return slots.filter((slot) => slot.role === role).map(({ part }) => part);
}

function listLabels(labels: readonly string[]): string {
  return labels
    .slice(0, MAX_LISTED)
    .map((label) => `\`${label.slice(0, 80)}\``)
    .join(', ');
}

/** Of several labels each has a truth and an answer. */
function refuseOtherLabels(
  { task, model, predictions }: PlanRequest,
  truth: readonly Slot[],
  outputs: readonly Slot[],
): void {
  if (task !== 'multilabel-classification' || predictions.layout === 'long') return;
  const known = labelsOf(truth, 'target');
  for (const role of ['scores', 'prediction'] as const) {
    const said = labelsOf(outputs, role);
    if (said.length === 0) continue;
    const missing = known.filter((label) => !said.includes(label));
    const extra = said.filter((label) => !known.includes(label));
    if (missing.length === 0 && extra.length === 0) continue;
    throw new UserError(
      `\`models.${model}.predictions.target\` and \`${role}\` are not of the same labels:${missing.length === 0 ? '' : ` \`${role}\` lacks ${listLabels(missing)}.`}${extra.length === 0 ? '' : ` \`target\` lacks ${listLabels(extra)}.`}`,
      { help: 'Write a column of each for every label, or make the patterns more exact.' },
    );
  }
}

/** Labels in a message. */
const MAX_LISTED = 10;

/** One column for each label: by a pattern, a mapping, or from within a column of lists or objects. */
function planLabels(
  request: PlanRequest,
  role: 'target' | 'scores' | 'prediction',
  asked: string | Readonly<Record<string, string>>,
  file: DescribedFile,
  nested: readonly NestedLabels[],
): readonly Slot[] {
  const where = whereOf(`models.${request.model}.predictions.${role}`, file);
  const slotsOf = (columns: readonly LabelColumn[]): readonly Slot[] =>
    columns.map(({ label, column }) => ({ role, part: label, name: column, as: 'number' }));
  if (typeof asked !== 'string') {
    const named = Object.entries(asked).map(([label, column]) => ({ label, column }));
    return slotsOf(sortByLabel(named, where));
  }
  if (request.predictions.layout === 'long') return [slotOf(role, asked, 'number')];
  if (isPattern(asked, file.columns)) return slotsOf(expandPattern(asked, file.columns, where));
  refuseUnknown(asked, file.columns, where);
  const within = nested.find(({ column }) => column === asked);
  if (within === undefined) {
    throw new UserError(
      `\`${where.key}\` names the column \`${asked}\` of ${file.path}, which holds neither lists nor objects: several labels need a value for each.`,
      { help: 'Name one column for each label by a pattern, such as `y_*`, or set `layout: long`.' },
    );
  }
  return within.elements.map(({ label, element }) => ({
    role,
    part: label,
    name: asked,
    element,
    as: 'number',
  }));
}
