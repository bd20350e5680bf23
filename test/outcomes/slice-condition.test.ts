import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import { columnsOfCondition, parseCondition } from '../../src/evidence/row-condition.ts';
import { evaluateCondition } from '../../src/outcomes/slice-condition.ts';
import { binaryOutcomes } from './outcomes-of.ts';

const OUTCOMES = {
  ...binaryOutcomes([0, 0, 0, 0], [0, 0, 0, 0]),
  sliceColumns: new Map([
    ['region', encodeColumn(['north', 'south', '', 'far east'])],
    ['time of day', encodeColumn(['Night', 'Day', 'Night', 'Dusk'])],
    ['zip', encodeColumn(['8001', '8002', '8001', ''])],
  ]),
  numericColumns: new Map([['mass', Float64Array.of(-1, 2.5, Number.NaN, 40)]]),
};

function rowsOf(text: string): readonly number[] {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(parsed.mistake.text);
  return Array.from(evaluateCondition(parsed.tree, OUTCOMES)).flatMap((held, row) =>
    held === 1 ? [row] : [],
  );
}

function mistakeOf(text: string): readonly [number, string] {
  const parsed = parseCondition(text);
  if (parsed.ok) throw new Error(`${text} is read.`);
  return [parsed.mistake.offset, parsed.mistake.text];
}

describe('a condition', () => {
  test.each([
    ['mass > 2.5', [3]],
    ['mass >= 2.5', [1, 3]],
    ['mass < 0', [0]],
    ['mass<=-1', [0]],
    ['mass = 40', [3]],
    ['mass != 40', [0, 1]],
    ["mass = ''", [2]],
    ["mass != ''", [0, 1, 3]],
    ["mass in (40, '')", [2, 3]],
    ['mass not in (40, 2.5)', [0]],
    ['not mass = 40', [0, 1, 2]],
    ['region = north', [0]],
    ["region != 'north'", [1, 2, 3]],
    ['region in (north, "far east")', [0, 3]],
    ['region not in (north, "far east")', [1, 2]],
    ["region = ''", [2]],
    ["zip = '8001'", [0, 2]],
    [`"time of day" = Night and (region = north or region = '')`, [0, 2]],
    ['region = south or "time of day" = Night and mass < 0', [0, 1]],
    ['not (region = south or mass > 0)', [0, 2]],
    ['not not region = south', [1]],
  ])('%s', (text, rows) => {
    expect(rowsOf(text)).toEqual(rows);
  });

  test.each([
    ['', 0, 'a column, `not` or `('],
    ['mass', 4, '`=`, `!=`, `<`'],
    ['mass == 3', 5, 'Write `=`.'],
    ['mass > heavy', 7, 'Texts have no order'],
    ['mass > 3 && mass < 4', 9, 'Write `and`'],
    ['mass in 3', 8, '`(`'],
    ['mass in (3', 10, '`,` or `)`'],
    ['(mass > 3', 9, '`)`'],
    ['mass > 3 region = x', 9, '`and`, `or` or the end'],
    ["mass > 3 or mass = 'heavy'", 19, 'compared with numbers and with texts'],
    ['mass not 3', 9, '`in`'],
    ['and = 3', 0, 'a column'],
    ["region = 'north", 9, 'not closed'],
    [`${'('.repeat(12)}mass > 3${')'.repeat(12)}`, 11, 'levels inside each other'],
    [Array.from({ length: 51 }, () => 'a=1').join(' or '), 352, 'at most 50 comparisons'],
    ['x'.repeat(1001), 1000, 'at most 1000 characters'],
  ])('is refused where it is wrong: %s', (text, offset, told) => {
    const [at, message] = mistakeOf(text);
    expect(message).toContain(told);
    expect(at).toBe(offset);
  });

  test('says which columns it needs, and as what', () => {
    const parsed = parseCondition("mass > 1 and region = x or mass = '' or zip in ('8001')");
    if (!parsed.ok) throw new Error(parsed.mistake.text);
    expect(columnsOfCondition(parsed.tree)).toEqual({ numbers: ['mass'], labels: ['region', 'zip'] });
  });

  test('of any text is read or refused within it, without an exception', () => {
    const word = fc.constantFrom(
      'mass',
      'and',
      'or',
      'not',
      'in',
      '(',
      ')',
      ',',
      '=',
      '<',
      '3',
      "'x'",
      '"',
      '!',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          const parsed = parseCondition(text);
          expect(parsed.ok ? 0 : parsed.mistake.offset).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
