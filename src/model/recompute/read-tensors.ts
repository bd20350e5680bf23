/** Outputs of an ONNX model as answers: which tensor holds what the predictions file holds. */
import { UserError } from '../../evidence/errors.ts';
import { partOf, type AnswerForm, type AnswerParts } from './answer-form.ts';
import type { ReadAnswers } from './read-answers.ts';
import { readBinaryLabel } from './same-label.ts';

/** An output over all rows; the last dimension runs fastest. */
export interface OutputTensor {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
}

export interface TensorsRequest {
  readonly tensors: readonly OutputTensor[];
  /** Outputs that are no tensors. */
  readonly others: readonly string[];
  /** `recompute.output`. */
  readonly output: string | undefined;
  readonly forms: readonly AnswerForm[];
  readonly ids: readonly string[];
}

/**
 * Reads an answer for each id. Throws a UserError where the config must say which output it is; a model whose outputs
 * do not hold the answers is a fault.
 */
export function readTensors(request: TensorsRequest): ReadAnswers {
  const { forms, ids } = request;
  const byId = new Map<string, AnswerParts>(ids.map((id) => [id, new Map()]));
  for (const form of forms) {
    const chosen = chooseTensor(request, form);
    if (chosen.kind === 'fault') return chosen;
    const { tensor } = chosen;
    const width = widthOf(tensor, ids.length);
    const read = chooseReader(form, tensor, width);
    for (const [row, id] of ids.entries()) {
      const cells = tensor.data.slice(row * width, (row + 1) * width);
      const bad = cells.find((cell) => typeof cell === 'number' && !Number.isFinite(cell));
      if (bad !== undefined)
        return fault(`The model's output \`${tensor.name}\` holds ${String(bad)}, which is no answer.`);
      byId.set(id, new Map([...(byId.get(id) ?? []), ...read(cells)]));
    }
  }
  return { kind: 'answers', byId };
}

function fault(message: string): Extract<ReadAnswers, { kind: 'fault' }> {
  return { kind: 'fault', reason: 'foreign-failure', message };
}

/** Elements of a row. */
function widthOf({ data }: OutputTensor, rows: number): number {
  return rows === 0 ? 0 : data.length / rows;
}

/** Widths that fit, by what the tensor holds. */
function fits(form: AnswerForm, { type, dims, data }: OutputTensor, rows: number): boolean {
  if (dims[0] !== rows || rows === 0 || data.length % rows !== 0) return false;
  const width = data.length / rows;
  const isFraction = type.startsWith('float');
  switch (form.kind) {
    case 'score':
      return isFraction && (width === 1 || width === 2);
    case 'value':
      return width === 1 && type !== 'string' && type !== 'bool';
    case 'label':
      return width === 1 ? !isFraction : isFraction && width === form.labels.length;
    case 'scores':
      return isFraction && width === form.labels.length;
    case 'predictions':
      return type !== 'string' && width === form.labels.length;
    case 'quantiles':
      return isFraction && width === form.levels.length;
  }
}

type Chosen =
  | { readonly kind: 'tensor'; readonly tensor: OutputTensor }
  | Extract<ReadAnswers, { kind: 'fault' }>;

function chooseTensor({ tensors, others, output, forms, ids }: TensorsRequest, form: AnswerForm): Chosen {
  const listed = [...tensors.map(describeTensor), ...others.map((name) => `\`${name}\` (no tensor)`)].join(
    ', ',
  );
  if (output !== undefined && !tensors.some(({ name }) => name === output) && !others.includes(output)) {
    throw new UserError(`The model has no output \`${output}\`, which \`recompute.output\` names.`, {
      help: `Its outputs are ${listed}.`,
    });
  }
  const fitting = tensors.filter((tensor) => fits(form, tensor, ids.length));
  const named = fitting.filter(({ name }) => name === output);
  // Of several forms the named output holds one.
  const candidates = output === undefined || (named.length === 0 && forms.length > 1) ? fitting : named;
  // A label or a decision of its own says more than what probabilities would have it.
  const own = candidates.filter(({ type }) => !type.startsWith('float'));
  const isDecision = form.kind === 'label' || form.kind === 'predictions';
  const [tensor, ...further] = isDecision && own.length > 0 ? own : candidates;
  if (tensor === undefined) return fault(explainMisfit(form, others, listed));
  if (further.length === 0) return { kind: 'tensor', tensor };
  const names = [tensor, ...further].map(({ name }) => `\`${name}\``).join(', ');
  throw new UserError(`Several outputs of the model may hold its answers: ${names}.`, {
    help: 'Name one as `recompute.output`.',
  });
}

function describeTensor({ name, type, dims }: OutputTensor): string {
  return `\`${name}\` (${type}, [${dims.join(', ')}])`;
}

const WANTED: Readonly<Record<AnswerForm['kind'], string>> = {
  score: 'a tensor of floats with one or two columns',
  value: 'a tensor of numbers with one column',
  label: 'a tensor of labels with one column, or of floats with a column for each label of the file',
  scores: 'a tensor of floats with a column for each label of the file',
  predictions: 'a tensor of numbers with a column for each label of the file',
  quantiles: 'a tensor of floats with a column for each level of the file',
};

function explainMisfit(form: AnswerForm, others: readonly string[], listed: string): string {
  const [other] = others;
  const zipMap =
    other === undefined
      ? ''
      : ` \`${other}\` is a sequence of maps (ZipMap), which ONNX Runtime for Node cannot hand over: convert the model with \`options={"zipmap": False}\`.`;
  return `No output of the model can be held against the predictions file, which needs ${WANTED[form.kind]}; its outputs are ${listed}.${zipMap}`;
}

/** Labels as scikit-learn orders a classifier's columns: numbers by size, texts by code points. */
function sortLabels(labels: readonly string[]): readonly string[] {
  const numeric = labels.every((label) => label.trim() !== '' && Number.isFinite(Number(label)));
  if (numeric) return labels.toSorted((one, other) => Number(one) - Number(other));
  return labels.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

type Cells = readonly (number | string)[];

function chooseReader(
  form: AnswerForm,
  { type }: OutputTensor,
  width: number,
): (cells: Cells) => AnswerParts {
  switch (form.kind) {
    case 'score': {
      const column = width === 1 ? 0 : sortLabels(form.labels).indexOf(form.labels[1]);
      return (cells) => new Map([['score', numberAt(cells, column)]]);
    }
    case 'value':
      return (cells) => new Map([['prediction', numberAt(cells, 0)]]);
    case 'label': {
      const sorted = sortLabels(form.labels);
      return (cells) => {
        const text = type.startsWith('float')
          ? (sorted[indexOfLargest(cells)] ?? '')
          : String(cells[0] ?? '');
        return new Map([['prediction', form.isBinary ? readBinaryLabel(text, form.labels) : text]]);
      };
    }
    case 'scores':
    case 'predictions': {
      const sorted = sortLabels(form.labels);
      return (cells) => new Map(sorted.map((label, at) => [partOf(form.kind, label), numberAt(cells, at)]));
    }
    case 'quantiles':
      return (cells) =>
        new Map(form.levels.map((level, at) => [partOf('quantiles', level), numberAt(cells, at)]));
  }
}

function numberAt(cells: Cells, at: number): number {
  return Number(cells[at] ?? NaN);
}

/** The first of the largest. */
function indexOfLargest(cells: Cells): number {
  const numbers = cells.map(Number);
  return numbers.indexOf(Math.max(...numbers));
}
