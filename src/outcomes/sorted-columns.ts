/** Columns that were read, put into the canonical order of examples. */
import type { Column, Labels, PackedTexts } from '../engine/engine.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import type { ReadColumn } from './inspect-rows.ts';
import type { PartRole, Role, Slot } from './roles.ts';

/** A column beside the canonical order of its file's rows. */
export interface OrderedColumn extends ReadColumn {
  readonly order: Uint32Array;
}

/** The columns of a role, in the order in which they were asked for. */
export function columnsOf(
  columns: readonly OrderedColumn[],
  role: Role | PartRole,
): readonly OrderedColumn[] {
  return columns.filter(({ slot }) => slot.role === role);
}

export function findColumn(columns: readonly OrderedColumn[], role: Role): OrderedColumn | undefined {
  return columns.find(({ slot }) => slot.role === role);
}

export function needColumn(columns: readonly OrderedColumn[], role: Role): OrderedColumn {
  const found = findColumn(columns, role);
  if (found === undefined) throw new TypeError(`No column was read as ${role}.`);
  return found;
}

/** Columns come back as they were asked for; the type cannot know. */
export function textsOf(column: Column): PackedTexts {
  if (!('ends' in column)) throw new TypeError('This column is not text.');
  return column;
}

export function labelsOf(column: Column): Labels {
  if (!('codes' in column)) throw new TypeError('This column has no labels.');
  return column;
}

function numbersOf(column: Column): Float64Array {
  if (!(column instanceof Float64Array)) throw new TypeError('This column is not numeric.');
  return column;
}

function isInOrder(order: Uint32Array, length: number): boolean {
  if (order.length !== length) return false;
  for (let index = 0; index < order.length; index++) if (order[index] !== index) return false;
  return true;
}

/** Numbers in canonical order. What was read gives its memory back, unless it is in that order already. */
export function sortNumbers({ column, order }: Pick<OrderedColumn, 'column' | 'order'>): Float64Array {
  const values = numbersOf(column);
  if (isInOrder(order, values.length)) return values;
  const sorted = new Float64Array(order.length);
  for (let index = 0; index < order.length; index++) sorted[index] = values[order[index] ?? 0] ?? 0;
  releaseMemory(values);
  return sorted;
}

/** Labels in canonical order. */
export function sortLabels({ column, order }: Pick<OrderedColumn, 'column' | 'order'>): Labels {
  const { codes, values } = labelsOf(column);
  const sorted = codes.slice(0, order.length);
  for (let index = 0; index < order.length; index++) sorted[index] = codes[order[index] ?? 0] ?? 0;
  return { codes: sorted, values };
}

/** Numbers that are 0 or 1, in canonical order. */
export function sortFlags({ column, order }: Pick<OrderedColumn, 'column' | 'order'>): Uint8Array {
  const values = numbersOf(column);
  const sorted = new Uint8Array(order.length);
  for (let index = 0; index < order.length; index++) sorted[index] = values[order[index] ?? 0] ?? 0;
  return sorted;
}

/** Gives the memory of columns back that were copied into another order. */
export function releaseColumns(columns: readonly ReadColumn[]): void {
  for (const { column } of columns) {
    if (column instanceof Float64Array) continue;
    if ('codes' in column) releaseMemory(column.codes);
    else releaseMemory(column.bytes, column.ends);
  }
}

/** Whether a slot has one value for each example, where an example has several rows. */
export function isOfExample({ role }: Slot): boolean {
  return !['id', 'item', 'label', 'target', 'score', 'prediction'].includes(role);
}
