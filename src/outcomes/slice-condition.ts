/** Which examples satisfy a condition. */
import type { ColumnCondition, RowCondition, Sign } from '../evidence/row-condition.ts';
import type { Outcomes } from './outcomes.ts';

/**
 * 1 for each example that satisfies the condition. An empty cell of a numeric column satisfies no comparison with a
 * number, also not `!=`.
 * @throws RangeError where a column was not read.
 */
export function evaluateCondition(condition: RowCondition, outcomes: Outcomes): Uint8Array {
  if (condition.kind === 'column') return evaluateColumn(condition, outcomes);
  if (condition.kind === 'not') return evaluateCondition(condition.part, outcomes).map((held) => 1 - held);
  const [first, ...others] = condition.parts.map((part) => evaluateCondition(part, outcomes));
  if (first === undefined) throw new TypeError('A combination has parts.');
  for (const other of others) {
    for (let row = 0; row < first.length; row++) {
      const [own = 0, held = 0] = [first[row], other[row]];
      first[row] = condition.kind === 'all' ? own & held : own | held;
    }
  }
  return first;
}

function evaluateColumn(condition: ColumnCondition, outcomes: Outcomes): Uint8Array {
  const { column, sign, values } = condition;
  const held = new Uint8Array(outcomes.n);
  const labels = outcomes.sliceColumns.get(column);
  const numbers = outcomes.numericColumns.get(column);
  const isNumeric = values.some((value) => typeof value === 'number');
  if (numbers !== undefined && (isNumeric || labels === undefined)) {
    for (let row = 0; row < held.length; row++) {
      if (holdsNumber(numbers[row] ?? Number.NaN, sign, values)) held[row] = 1;
    }
    return held;
  }
  if (labels === undefined || isNumeric) throw new RangeError(`The column ${column} was not read.`);
  const holds = labels.values.map((label) => values.includes(label) === (sign === '='));
  for (let row = 0; row < held.length; row++) if (holds[labels.codes[row] ?? 0] === true) held[row] = 1;
  return held;
}

function holdsNumber(cell: number, sign: Sign, values: ColumnCondition['values']): boolean {
  const [value = Number.NaN] = values;
  if (sign === '=' || sign === '!=') {
    const isAmong = values.includes(Number.isNaN(cell) ? '' : cell);
    if (sign === '=') return isAmong;
    // Nothing is known of an empty cell but that it is empty.
    return !isAmong && !(Number.isNaN(cell) && values.every((other) => other !== ''));
  }
  if (typeof value === 'string') return false;
  if (sign === '<') return cell < value;
  if (sign === '<=') return cell <= value;
  return sign === '>' ? cell > value : cell >= value;
}
