import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import { encodeLabels, readBinaryLabels } from '../../src/outcomes/read-labels.ts';

function read(
  target: readonly string[],
  options: { prediction?: readonly string[]; positive?: string | number | boolean } = {},
) {
  return readBinaryLabels({
    target: encodeColumn(target),
    prediction: options.prediction === undefined ? undefined : encodeColumn(options.prediction),
    positive: options.positive,
    targetColumn: 'y',
    predictionColumn: 'said',
    file: 'predictions.csv',
  });
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.help ?? ''}`;
    throw error;
  }
  return 'nothing was thrown';
}

describe('labels of binary classification', () => {
  test.each([
    [
      ['0', '1', '1'],
      ['0', '1'],
    ],
    [
      ['0.0', '1.0', '1'],
      ['0', '1'],
    ],
    [
      ['False', 'True', 'True'],
      ['False', 'True'],
    ],
    [
      ['false', 'true', 'TRUE'],
      ['false', 'true'],
    ],
    [
      ['no', 'yes', 'Yes'],
      ['no', 'Yes'],
    ],
    [
      ['Negative', 'positive', 'positive'],
      ['Negative', 'positive'],
    ],
    [
      ['-1', '1', '1'],
      ['-1', '1'],
    ],
  ])('%j are known', (target, labels) => {
    const found = read(target);
    expect([...found.target]).toEqual([0, 1, 1]);
    expect(found.labels.map((label) => label.toLowerCase())).toEqual(
      labels.map((label) => label.toLowerCase()),
    );
  });

  test('one class alone is still binary', () => {
    expect([...read(['0', '0']).target]).toEqual([0, 0]);
    expect([...read(['1', '1']).target]).toEqual([1, 1]);
    expect(read(['churned'], { positive: 'churned' }).labels).toEqual(['not churned', 'churned']);
    expect([...read(['stayed'], { positive: 'churned' }).target]).toEqual([0]);
  });

  test('positive names one of two labels, as text, number or truth value', () => {
    expect([...read(['stayed', 'churned'], { positive: 'churned' }).target]).toEqual([0, 1]);
    expect([...read(['1', '2'], { positive: 2 }).target]).toEqual([0, 1]);
    expect([...read(['1.0', '2.0'], { positive: 2 }).target]).toEqual([0, 1]);
    expect([...read(['0', '1'], { positive: 0 }).target]).toEqual([1, 0]);
    expect([...read(['False', 'True'], { positive: true }).target]).toEqual([0, 1]);
  });

  test('target and prediction may be spelled differently, as 1 and 1.0 or True and true', () => {
    const found = read(['1', '0'], { prediction: ['1.0', '1.0'] });
    expect([...(found.predicted ?? [])]).toEqual([1, 1]);
    expect([...(read(['True', 'False'], { prediction: ['true', 'true'] }).predicted ?? [])]).toEqual([1, 1]);
  });

  test('labels that are no known pair are listed', () => {
    expect(messageOf(() => read(['stayed', 'churned']))).toMatch(
      /not clear which label is positive.*`y` of predictions\.csv holds "churned", "stayed".*`positive: "stayed"`/,
    );
    expect(messageOf(() => read(['0', '1', '2']))).toMatch(/"0", "1", "2".*multiclass/);
    expect(messageOf(() => read(['a', 'b', 'c'], { positive: 'a' }))).toMatch(/more than two labels.*"c"/);
    expect(messageOf(() => read(['a', 'b'], { positive: 'z' }))).toMatch(
      /`positive: z` is no label.*"a", "b"/,
    );
  });

  test('probabilities in the column of predicted labels are recognised', () => {
    expect(messageOf(() => read(['a', 'b'], { positive: 'a', prediction: ['0.25', '0.75'] }))).toMatch(
      /look like probabilities.*`score`/,
    );
  });

  test('a message lists a few values, not all', () => {
    const many = Array.from({ length: 40 }, (_, row) => `label ${row}`);
    const message = messageOf(() => read(many));
    expect(message).toContain('…');
    expect(message.length).toBeLessThan(500);
  });
});

describe('labels of multiclass classification', () => {
  test('are the sorted labels of all columns', () => {
    const { labels, codes } = encodeLabels(
      [encodeColumn(['b', '1', 'b']), encodeColumn(['1.0', 'c', 'b'])],
      'y',
    );
    expect(labels).toEqual(['1', 'b', 'c']);
    expect(codes.map((column) => [...column])).toEqual([
      [1, 0, 1],
      [0, 2, 1],
    ]);
  });

  test('a column of numbers or ids is no column of classes', () => {
    const ids = Array.from({ length: 10_001 }, (_, row) => `id ${row}`);
    expect(messageOf(() => encodeLabels([encodeColumn(ids)], '`y` of p.csv'))).toMatch(
      /`y` of p.csv has more than 10000.*regression/,
    );
  });
});
