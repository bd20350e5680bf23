import type { ColumnKind } from '../engine/engine.ts';

/** What a column of a predictions file can be: each row's identity, truth and prediction, and what it belongs to. */
export const ROLES = [
  'id',
  'item',
  'label',
  'target',
  'score',
  'scores',
  'prediction',
  'quantiles',
  'grades',
  'scale',
  'series',
  'group',
  'stratum',
  'weight',
] as const;
export type Role = (typeof ROLES)[number];

/** Columns that slices and groups of fairness are made of. Nothing is wrong with them but that they are not there. */
export type PartRole = 'sliced' | 'labels' | 'numbers' | 'fairness' | 'within';

/** One column that is read. */
export interface Slot {
  readonly role: Role | PartRole;
  /** Which label, level, grade or column it is of, where a role has several columns; else the column's name. */
  readonly part: string;
  readonly name: string | readonly string[];
  readonly element?: number | string;
  readonly as: ColumnKind;
}

/** A column as people read it in a message. */
export function nameColumn({ name, element }: Pick<Slot, 'name' | 'element'>): string {
  const joined = typeof name === 'string' ? name : name.join('`, `');
  return element === undefined ? joined : `${joined}[${element}]`;
}
