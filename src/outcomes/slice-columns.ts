import { UserError } from '../evidence/errors.ts';
import type { Labels } from '../engine/engine.ts';
import { recodeLabels } from './encode-column.ts';
import type { CodedColumn } from './outcomes.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';
import { MAX_SLICES } from './slices.ts';

/**
 * A column to slice by, as codes in the canonical order of rows; an empty cell is an empty text. Throws a UserError where it has more values than
 * there may be slices: then it is a number or an id, and no slice of it could be judged.
 */
export function encodeSliceColumn(
  labels: Labels,
  order: Uint32Array,
  where: { readonly key: string; readonly column: string; readonly file: string },
): CodedColumn {
  const column = recodeLabels(labels, order, normaliseLabel);
  if (column.values.length <= MAX_SLICES) return column;
  const shown = column.values.slice(0, 3).map((value) => JSON.stringify(value.slice(0, 40)));
  throw new UserError(
    `\`${where.key}\` names the column \`${where.column}\` of ${where.file}, which has ${column.values.length} different values (${shown.join(', ')}, …); a column to slice by has at most ${MAX_SLICES}.`,
    {
      help: 'Write a column with few values, such as bins of a number or regions of a place, and slice by that.',
    },
  );
}
