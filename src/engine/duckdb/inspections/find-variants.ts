import { groupBy } from '../../../statistics/group-by.ts';
import type { ColumnIntegrity, Spelling } from '../../inspections.ts';

/** Groups whose spellings are told. */
const MAX_EXAMPLES = 3;

/** A value as it would be written without haste: compatible forms, lower case, single blanks. */
function foldSpelling(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();
}

/** Cells that are not of the most frequent spelling. */
function cellsOf(group: readonly Spelling[]): number {
  return group.reduce((sum, { count }) => sum + count, 0) - Math.max(...group.map(({ count }) => count));
}

/**
 * Values that are one when case, Unicode form and white space do not count. Cells are those that are not of the most
 * frequent spelling.
 */
export function findVariants(values: readonly Spelling[]): ColumnIntegrity['variants'] {
  const groups = groupBy(values, ({ text }) => foldSpelling(text));
  const several = [...groups.values()].filter((group) => group.length > 1);
  const examples = several
    .toSorted((one, other) => cellsOf(other) - cellsOf(one))
    .slice(0, MAX_EXAMPLES)
    .map((group) => group.map(({ text }) => JSON.stringify(text)).join(' and '));
  return { groups: several.length, cells: several.reduce((sum, group) => sum + cellsOf(group), 0), examples };
}
