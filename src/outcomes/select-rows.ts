import type { CodedColumn, Outcomes } from './outcomes.ts';
import { pickTexts } from './packed-texts.ts';

type TypedArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * The outcomes of some rows, in the order given. Digests stay those of the whole test set, of which this is a part:
 * two parts chosen by the same row numbers pair as the whole does.
 */
export function selectRows(outcomes: Outcomes, rows: Uint32Array): Outcomes {
  const common = selectCommon(outcomes, rows);
  const { task } = outcomes;
  if (task === 'regression') return { ...outcomes, ...common, ...pickLabels(outcomes, rows) };
  if (task === 'multiclass-classification') return { ...outcomes, ...common, ...pickLabels(outcomes, rows) };
  const score = outcomes.score === undefined ? undefined : pick(outcomes.score, rows);
  return { ...outcomes, ...common, ...pickLabels(outcomes, rows), score };
}

function pickLabels<Column extends TypedArray>(
  { target, predicted }: { readonly target: Column; readonly predicted: Column },
  rows: Uint32Array,
): { readonly target: Column; readonly predicted: Column } {
  return { target: pick(target, rows), predicted: pick(predicted, rows) };
}

function selectCommon(outcomes: Outcomes, rows: Uint32Array) {
  const { ids, groups, strata, sliceColumns } = outcomes;
  return {
    n: rows.length,
    ids: ids === undefined ? undefined : pickTexts(ids, rows),
    groups: groups === undefined ? undefined : renumber(pick(groups, rows)),
    strata: strata === undefined ? undefined : pickCoded(strata, rows),
    sliceColumns: new Map(Array.from(sliceColumns, ([name, column]) => [name, pickCoded(column, rows)])),
  };
}

function pick<Column extends TypedArray>(column: Column, rows: Uint32Array): Column {
  const picked = column.slice(0, rows.length) as Column;
  for (let index = 0; index < rows.length; index++) picked[index] = column[rows[index] ?? 0] ?? 0;
  return picked;
}

function pickCoded(column: CodedColumn, rows: Uint32Array): CodedColumn {
  return { codes: pick(column.codes, rows), values: column.values };
}

/** Codes from 0 without gaps: the largest code plus one is the number of groups. */
function renumber(codes: Uint32Array): Uint32Array {
  const numberOf = new Map<number, number>();
  return codes.map((code) => {
    const known = numberOf.get(code);
    if (known !== undefined) return known;
    numberOf.set(code, numberOf.size);
    return numberOf.size - 1;
  });
}
