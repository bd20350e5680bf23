/** From columns of text to the tensors that a model's inputs want. */
import type { FeatureColumn } from './protocol.ts';

/** An input as the model declares it. */
export interface InputMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  /** A dimension is a number, or a name where it may be any. */
  readonly shape?: readonly (number | string)[];
}

type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[];

export interface InputTensor {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** The config does not fit the model: exit code 2. */
export class InputMistake extends Error {
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

export interface Binding {
  /** The columns of each input, in the order of its last dimension. */
  readonly inputs: readonly { readonly input: InputMetadata; readonly columns: readonly FeatureColumn[] }[];
  /** Whether the model takes one row at a time: its first dimension is 1. */
  readonly oneByOne: boolean;
}

/** Finds the columns of each input. Throws an InputMistake where the config, the features and the model do not fit. */
export function bindInputs(
  metadata: readonly InputMetadata[],
  columns: readonly FeatureColumn[],
  chosen: Readonly<Record<string, string | readonly string[]>>,
): Binding {
  const names = metadata.map(({ name }) => name);
  const unknown = Object.keys(chosen).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new InputMistake(
      `The model has no input \`${unknown}\`, which \`recompute.inputs\` names.`,
      `Its inputs are ${metadata.map(describeInput).join(', ')}.`,
    );
  }
  const byName = new Map(columns.map((column) => [column.name, column]));
  const inputs = metadata.map((input) => {
    const wanted = Object.hasOwn(chosen, input.name) ? chosen[input.name] : undefined;
    const own = (wanted === undefined ? [input.name] : [wanted].flat()).map((name) => {
      const column = byName.get(name);
      if (column === undefined) throw missingColumn(input, name, wanted !== undefined, columns);
      return column;
    });
    refuseMisfit(input, own.length);
    return { input, columns: own };
  });
  return { inputs, oneByOne: metadata.some(({ shape = [] }) => shape[0] === 1) };
}

function describeInput({ name, type = 'no tensor', shape = [] }: InputMetadata): string {
  return `\`${name}\` (${type}, [${shape.map((size) => (size === '' ? '?' : size)).join(', ')}])`;
}

const SHOWN_COLUMNS = 20;

function missingColumn(
  input: InputMetadata,
  name: string,
  isNamed: boolean,
  columns: readonly FeatureColumn[],
): InputMistake {
  const shown = columns.slice(0, SHOWN_COLUMNS).map((column) => `\`${column.name}\``);
  const listed = `${shown.join(', ')}${columns.length > shown.length ? ', …' : ''}`;
  return new InputMistake(
    isNamed
      ? `The features have no column \`${name}\`, which \`recompute.inputs.${input.name}\` names.`
      : `Nothing says which columns feed the model's input ${describeInput(input)}: the features have none of that name.`,
    `Name them in \`recompute.inputs\`, in the order in which the model was trained on them: \`{ ${input.name}: [first, second] }\`. The features' columns are ${listed}.`,
  );
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

function refuseMisfit(input: InputMetadata, count: number): void {
  const { type = '', shape = [], isTensor } = input;
  if (!isTensor || !(type === 'string' || Object.hasOwn(ARRAYS, type))) {
    throw new InputMistake(
      `The model's input ${describeInput(input)} is of a kind that mlgate cannot fill from columns.`,
      'Inputs may be tensors of float32, float64, int64, int32, bool or string. Otherwise let a `recompute.command` run the model.',
    );
  }
  const [first, ...rest] = shape;
  const free = rest.filter((size) => typeof size !== 'number').length;
  const fixed = rest.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  const fits = free === 0 ? fixed === count : free === 1 && count % Math.max(1, fixed) === 0;
  if (!fits) {
    throw new InputMistake(
      `The model's input ${describeInput(input)} does not take ${count} ${count === 1 ? 'column' : 'columns'} a row.`,
      `Name the columns that it takes in \`recompute.inputs.${input.name}\`.`,
    );
  }
  if (typeof first === 'number' && first !== 1) {
    throw new InputMistake(
      `The model's input ${describeInput(input)} takes exactly ${first} rows at a time.`,
      'Export the model with a dynamic first dimension, or let a `recompute.command` run it.',
    );
  }
}

/** A cell that an input cannot hold. */
export class CellFault extends Error {}

/** The tensor of one input over some rows. Throws a CellFault. */
export function makeTensor(
  { input, columns }: Binding['inputs'][number],
  from: number,
  to: number,
): InputTensor {
  const { name, type = '', shape = [] } = input;
  const rows = to - from;
  const size = rows * columns.length;
  const data: TensorData =
    type === 'string'
      ? Array.from({ length: size }, () => '')
      : new ARRAYS[type as keyof typeof ARRAYS](size);
  for (let row = 0; row < rows; row++) {
    for (const [at, column] of columns.entries()) {
      const cell = column.cells[from + row] ?? '';
      data[row * columns.length + at] = readCell(cell, type, column.name);
    }
  }
  return { name, type, dims: dimensionsOf(shape, rows, columns.length), data };
}

function dimensionsOf(shape: readonly (number | string)[], rows: number, width: number): readonly number[] {
  const rest = shape.slice(1);
  const fixed = rest.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  return [rows, ...rest.map((size) => (typeof size === 'number' ? size : width / fixed))];
}

/** A missing number is NaN, as the libraries that write models have it. Whole numbers and truth values cannot miss. */
function readCell(cell: string, type: string, column: string): never {
  return readValue(cell, type, column) as never;
}

function readValue(cell: string, type: string, column: string): string | number | bigint {
  if (type === 'string') return cell;
  const text = readTruth(cell.trim());
  if (type.startsWith('float')) {
    const value = text === '' ? NaN : readNumber(text);
    if (value === undefined) throw new CellFault(`${quote(cell)} in column \`${column}\` is no number.`);
    return value;
  }
  const whole = readWhole(text);
  const range = RANGES.get(type);
  if (whole === undefined || range === undefined || whole < range.least || whole > range.most) {
    const shown = text === '' ? 'An empty cell' : quote(cell);
    throw new CellFault(`${shown} in column \`${column}\` is no ${type}, which the model's input holds.`);
  }
  return type === 'int64' ? whole : Number(whole);
}

/** What does not fit would wrap around in silence. */
const RANGES: ReadonlyMap<string, { readonly least: bigint; readonly most: bigint }> = new Map([
  ['int64', { least: -(2n ** 63n), most: 2n ** 63n - 1n }],
  ['int32', { least: -(2n ** 31n), most: 2n ** 31n - 1n }],
  ['bool', { least: 0n, most: 1n }],
]);

function readTruth(text: string): string {
  if (/^true$/iu.test(text)) return '1';
  return /^false$/iu.test(text) ? '0' : text;
}

/** Digits as they are, or a number with an exponent or a fraction of zero: `3.0`, as programs print whole numbers. */
function readWhole(text: string): bigint | undefined {
  if (/^[+-]?\d+$/u.test(text)) return BigInt(text);
  const value = text === '' ? undefined : readNumber(text);
  return value !== undefined && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function readNumber(text: string): number | undefined {
  if (/^[+-]?nan$/iu.test(text)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/iu.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function quote(cell: string): string {
  return JSON.stringify(cell.length > 60 ? `${cell.slice(0, 60)}…` : cell);
}
