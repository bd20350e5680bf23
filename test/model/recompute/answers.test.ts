import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerForm, AnswerParts } from '../../../src/model/recompute/answer-form.ts';
import { chooseSample } from '../../../src/model/recompute/choose-sample.ts';
import { compareAnswers } from '../../../src/model/recompute/compare-answers.ts';
import { readAnswers } from '../../../src/model/recompute/read-answers.ts';
import { isSameLabel, readBinaryLabel } from '../../../src/model/recompute/same-label.ts';
import { writeExamples } from '../../../src/model/recompute/write-examples.ts';

describe('a sample', () => {
  it('is of the size asked for, ascending, without repetition, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(), (n, size, seed) => {
        const sample = [...chooseSample(n, size, seed)];
        expect(sample).toHaveLength(Math.min(n, size));
        expect(sample).toEqual([...new Set(sample)].toSorted((a, b) => a - b));
        expect(sample.every((row) => row >= 0 && row < n)).toBe(true);
        expect([...chooseSample(n, size, seed)]).toEqual(sample);
      }),
    );
  });

  it('takes each set equally often', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 6_000; seed++) {
      const key = chooseSample(4, 2, seed).join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    // Six standard deviations of a binomial of 6,000 draws at 1/6.
    for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(6 * 29);
  });
});

describe('examples as lines', () => {
  it('keep numbers, truth values, nested values and texts, and have null where nothing is', () => {
    const columns = [
      { name: 'big', type: 'number', cells: ['9007199254740993', '', 'NaN', '-inf'] },
      { name: 'small "quoted"', type: 'number', cells: ['1.5e-7', '007', 'many', '+2'] },
      { name: 'flag', type: 'boolean', cells: ['True', 'false', '', 'maybe'] },
      { name: 'list', type: 'json', cells: ['[1,{"a":2}]', '', '[1', '[1,\n2]'] },
      { name: 'text', type: 'text', cells: ['a"b\\', 'x\ny', '', '1'] },
    ] as const;
    expect([...writeExamples(['1', 'b', 'c', 'd'], columns)]).toEqual([
      String.raw`{"id":"1","big":9007199254740993,"small \"quoted\"":1.5e-7,"flag":true,"list":[1,{"a":2}],"text":"a\"b\\"}`,
      String.raw`{"id":"b","big":null,"small \"quoted\"":7,"flag":false,"list":null,"text":"x\ny"}`,
      String.raw`{"id":"c","big":null,"small \"quoted\"":"many","flag":null,"list":"[1","text":null}`,
      String.raw`{"id":"d","big":-1e999,"small \"quoted\"":2,"flag":"maybe","list":"[1,\n2]","text":"1"}`,
    ]);
  });

  it('are one line of JSON each, whatever the cells are', () => {
    const type = fc.constantFrom('number', 'boolean', 'json', 'text' as const);
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), fc.string(), type, (id, cell, name, type) => {
        fc.pre(name !== 'id');
        const [line = '', ...others] = writeExamples([id], [{ name, type, cells: [cell] }]);
        expect(others).toEqual([]);
        expect(line).not.toMatch(/[\r\n]/);
        expect(Object.keys(JSON.parse(line) as object)).toHaveLength(2);
        expect(JSON.parse(line)).toMatchObject({ id });
      }),
    );
  });
});

const SCORE: AnswerForm = { kind: 'score', labels: ['0', '1'] };
const LABEL: AnswerForm = { kind: 'label', labels: ['cat', 'dog'], isBinary: false };

function messageOf(
  output: string,
  form: AnswerForm | readonly AnswerForm[] = SCORE,
  ids: readonly string[] = ['a', 'b'],
  showIds = true,
) {
  const read = readAnswers(output, [form].flat(), ids, showIds);
  return read.kind === 'fault' ? ([read.reason, read.message] as const) : read.byId;
}

/** The parts of the one answer, or the message. */
function one(answer: string, form: AnswerForm | readonly AnswerForm[]) {
  const read = messageOf(`{"id":"a",${answer}}`, form, ['a']);
  return 'get' in read ? Object.fromEntries(read.get('a') ?? []) : read[1];
}

describe('answers', () => {
  it('are read in any order, ids as text or as numbers, with blank lines and further keys between them', () => {
    const read = messageOf('{"id":2,"score":0.25}\r\n\n{"id":"1","score":1,"why":"x"}\n', SCORE, ['1', '2']);
    expect(read).toEqual(
      new Map([
        ['2', new Map([['score', 0.25]])],
        ['1', new Map([['score', 1]])],
      ]),
    );
  });

  it.each([
    ['nothing', '', ['foreign-incomplete', 'The model answered 0 of 2 examples; 2 are missing: "a", "b".']],
    [
      'one too few',
      '{"id":"a","score":0.5}',
      ['foreign-incomplete', 'The model answered 1 of 2 examples; 1 are missing: "b".'],
    ],
    [
      'one too many',
      '{"id":"c","score":0.5}',
      [
        'foreign-failure',
        'Line 1 of the model\'s answers is an answer for the id "c" that nobody asked for.',
      ],
    ],
    [
      'one twice',
      '{"id":"a","score":0.5}\n{"id":"a","score":0.5}',
      ['foreign-failure', 'Line 2 of the model\'s answers is a second answer for the id "a".'],
    ],
    [
      'words',
      'Loading model…',
      [
        'foreign-failure',
        "Line 1 of the model's answers is no JSON: Loading model… Write nothing but answers to the standard output; all else belongs to the standard error.",
      ],
    ],
    ['a list', '[1]', ['foreign-failure', "Line 1 of the model's answers is no JSON object: [1]"]],
    ['no id', '{"score":1}', ['foreign-failure', `Line 1 of the model's answers has no \`id\`: {"score":1}`]],
    [
      'no score',
      '{"id":"a","prediction":1}',
      [
        'foreign-failure',
        "Line 1 of the model's answers has no `score`. An answer has `score`, the probability of the positive class.",
      ],
    ],
    [
      'a score that is text',
      '{"id":"a","score":"0.5"}',
      [
        'foreign-failure',
        'Line 1 of the model\'s answers has "0.5" as `score`, which must be a finite number.',
      ],
    ],
    [
      'an infinite score',
      '{"id":"a","score":1e999}',
      [
        'foreign-failure',
        "Line 1 of the model's answers has null as `score`, which must be a finite number.",
      ],
    ],
  ])('that are %s are a fault', (_name, output, expected) => {
    expect(messageOf(output)).toEqual(expected);
  });

  it('with NaN say what JSON lacks', () => {
    expect(messageOf('{"id":"a","score":NaN}')).toEqual([
      'foreign-failure',
      expect.stringContaining('NaN and Infinity are no JSON.'),
    ]);
  });

  it('are not named where ids are private', () => {
    for (const output of ['', '{"id":"secret","score":1}', '{"id":"a","score":1}\n{"id":"a","score":1}'])
      expect(JSON.stringify(messageOf(output, SCORE, ['a', 'b'], false))).not.toMatch(
        /secret|\\"a\\"|\\"b\\"/,
      );
  });

  it('have labels, values, probabilities, decisions and quantiles', () => {
    expect(one('"prediction":"dog"', LABEL)).toEqual({ prediction: 'dog' });
    expect(one('"prediction":3', LABEL)).toEqual({ prediction: '3' });
    expect(one('"prediction":[]', LABEL)).toContain('has [] as `prediction`, which must be a label.');
    const binary: AnswerForm = { kind: 'label', labels: ['no', 'yes'], isBinary: true };
    expect(one('"prediction":true', binary)).toEqual({ prediction: 'yes' });
    expect(one('"prediction":0', binary)).toEqual({ prediction: 'no' });
    expect(one('"prediction":-2.5', { kind: 'value' })).toEqual({ prediction: -2.5 });
    const scores: AnswerForm = { kind: 'scores', labels: ['cat', 'dog'] };
    expect(one('"scores":{"dog":0.75,"cat":0.25,"x":9}', scores)).toEqual({
      'scores.cat': 0.25,
      'scores.dog': 0.75,
    });
    expect(one('"scores":[0.25,0.75]', scores)).toEqual({ 'scores.cat': 0.25, 'scores.dog': 0.75 });
    expect(one('"scores":[1]', scores)).toContain('has 1 `scores`, but there are 2 to give.');
    expect(one('"scores":{"cat":1}', scores)).toContain('has no `scores` for "dog".');
    expect(one('"scores":{"__proto__":1}', scores)).toContain('has no `scores` for "cat".');
    expect(
      one('"predictions":{"cat":true,"dog":0}', { kind: 'predictions', labels: ['cat', 'dog'] }),
    ).toEqual({
      'predictions.cat': 1,
      'predictions.dog': 0,
    });
    const quantiles: readonly AnswerForm[] = [{ kind: 'value' }, { kind: 'quantiles', levels: [0.1, 0.9] }];
    expect(one('"prediction":1,"quantiles":{"0.10":0,"0.9":2}', quantiles)).toEqual({
      prediction: 1,
      'quantiles.0.1': 0,
      'quantiles.0.9': 2,
    });
  });

  it('never crash what reads them, and never pass unless each example has one', () => {
    const part = fc.constantFrom(
      '{"id":"a",',
      '"score":',
      '0.5',
      '}',
      '\n',
      '{"id":"b","score":1}',
      'null',
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (output) => {
          const read = readAnswers(output, [SCORE], ['a', 'b'], true);
          const told = read.kind === 'fault' ? read.message : '';
          expect(told.length).toBeLessThan(400);
          const answered = read.kind === 'fault' ? ['a', 'b'] : [...read.byId.keys()].toSorted();
          expect(answered).toEqual(['a', 'b']);
        },
      ),
    );
  });
});

describe('labels', () => {
  it('are the same however they are printed', () => {
    expect(isSameLabel('1', '1.0')).toBe(true);
    expect(isSameLabel('True', 'true')).toBe(true);
    expect(isSameLabel('1', '01')).toBe(true);
    expect(isSameLabel('9007199254740993', '9007199254740992')).toBe(false);
    expect(isSameLabel('cat', 'Cat')).toBe(false);
    expect(isSameLabel('', '0')).toBe(false);
    expect(readBinaryLabel('1.0', ['0', '1'])).toBe('1');
    expect(readBinaryLabel('1', ['healthy', 'sick'])).toBe('sick');
    expect(readBinaryLabel('maybe', ['healthy', 'sick'])).toBe('maybe');
    expect(readBinaryLabel('constructor', ['healthy', 'sick'])).toBe('constructor');
  });
});

function score(value: number): AnswerParts {
  return new Map([['score', value]]);
}

function label(text: string): AnswerParts {
  return new Map([['prediction', text]]);
}

function parts(cat: number, dog: number): AnswerParts {
  return new Map([
    ['scores.cat', cat],
    ['scores.dog', dog],
  ]);
}

describe('agreement', () => {
  it('is within the tolerance, relative beyond 1', () => {
    const file = [score(0.5), score(1_000), score(-1_000)];
    const agreement = compareAnswers(file, [score(0.5001), score(1_000.09), score(-1_000.2)], 1e-4);
    expect(agreement).toMatchObject({ rows: 3, agreeing: 2 });
    expect(agreement.largestDifference).toBeCloseTo(2e-4, 12);
    expect(agreement.disagreements).toEqual([{ at: 2, part: 'score', file: -1_000, model: -1_000.2 }]);
  });

  it('needs every part, and puts what differs most first', () => {
    const { disagreements, agreeing } = compareAnswers(
      [parts(0.5, 0.5), parts(0.5, 0.5), parts(0.5, 0.5)],
      [parts(0.5, 0.6), parts(0.5, 0.5), parts(0.2, 0.9)],
      0.01,
    );
    expect(agreeing).toBe(1);
    expect(disagreements.map(({ at, part }) => [at, part])).toEqual([
      [2, 'scores.dog'],
      [0, 'scores.dog'],
    ]);
  });

  it('of labels is equality, and nothing agrees with a missing answer', () => {
    const agreement = compareAnswers(
      [label('cat'), label('1'), label('dog')],
      [label('cat'), label('1.0'), label('cat')],
      1,
    );
    expect(agreement).toMatchObject({ agreeing: 2, largestDifference: undefined });
    expect(compareAnswers([score(1)], [undefined], 1)).toMatchObject({ agreeing: 0 });
    expect(compareAnswers([score(NaN)], [score(NaN)], 1)).toMatchObject({ agreeing: 0 });
  });
});
