import { describe, expect, it } from 'vitest';

import { ANOMALIES } from '../../../src/data/anomalies.ts';
import { findColumns, findWhole } from '../../../src/data/findings/collect-findings.ts';
import { FINDING_KINDS } from '../../../src/data/findings/finding-kinds.ts';
import { judgeDataFindings } from '../../../src/data/findings/judge-data-findings.ts';
import { listDataBounds } from '../../../src/data/findings/list-data-bounds.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { DataFinding } from '../../../src/schemas/evidence.generated.ts';

function boundsOf(dataset: object) {
  const config = {
    version: 1,
    data: { d: { path: 'd.csv', schema: 'd.json', ...dataset }, train: { path: 't.csv', schema: 't.json' } },
  };
  const { config: parsed, locate } = parseConfig(JSON.stringify(config), 'mlgate.yml');
  return listDataBounds(parsed, locate);
}

describe('listDataBounds', () => {
  it('asks for nothing that the config does not ask for', () => {
    expect(boundsOf({})).toEqual([]);
  });

  it('asks for pairs and roles that are there', () => {
    const ids = boundsOf({ leakage: { against: ['train'] }, columns: { entity: 'who' } }).map(({ id }) => id);
    expect(ids).toEqual(
      ['SPLIT_OVERLAP', 'ENTITY_OVERLAP', 'NEW_CATEGORIES', 'VANISHED_CATEGORIES'].map(
        (name) => `data/d/leakage/${name}/train`,
      ),
    );
  });

  it('warns by default of faults and personal data, and fails for leaks', () => {
    const bounds = boundsOf({ integrity: {}, privacy: {}, leakage: {}, columns: { label: 'y' } });
    const severityOf = (name: string) => bounds.find((bound) => bound.name === name)?.severity;
    expect([
      severityOf('MIXED_TYPES'),
      severityOf('PERSONAL_DATA'),
      severityOf('LABEL_LEAK'),
      severityOf('LABEL_FROM_ORDER'),
    ]).toEqual(['warn', 'warn', 'fail', 'warn']);
  });
});

function judgeRepeated(most: number | string, ...findings: readonly DataFinding[]) {
  return judgeDataFindings(boundsOf({ integrity: { 'max-duplicate-rows': most } }), findings)[0]?.verdict;
}

describe('judgeDataFindings', () => {
  const whole = { dataset: 'd', kind: 'DUPLICATE_ROWS' } as const;

  it('holds a count against rows and a value against a share', () => {
    const finding = findWhole(whole, { value: 0.02, count: 20, n: 1000, detail: 'x.' });
    const judge = (most: number | string) =>
      judgeDataFindings(boundsOf({ integrity: { 'max-duplicate-rows': most } }), [finding])[0]?.verdict;
    expect([judge(20), judge(19), judge('2%'), judge('1.9%')]).toEqual(['pass', 'fail', 'pass', 'fail']);
  });

  it('fails where what is said does not add up', () => {
    const found = { value: 0.5, count: 500, n: 1000, detail: 'x.' };
    const honest = findWhole(whole, found);
    expect(judgeRepeated(600, honest)).toBe('pass');
    // A count that hides behind its share, and the other way round.
    expect(judgeRepeated(20, { ...honest, count: 3 })).toBe('fail');
    expect(judgeRepeated('5%', { ...honest, value: 0.01 })).toBe('fail');
    expect(judgeRepeated(0, { ...honest, count: 0 })).toBe('fail');
    const { count: _count, ...uncounted } = honest;
    expect(judgeRepeated(20, uncounted)).toBe('fail');
    // Said twice, the harmless one first.
    expect(judgeRepeated(20, findWhole(whole, { value: 0, count: 0, n: 1000 }), honest)).toBe('fail');
  });

  it('fails for columns that were found, whatever the summary says', () => {
    const context = { dataset: 'd', kind: 'PERSONAL_DATA' } as const;
    const column = { column: 'mail', value: 1, count: 10, n: 10, detail: 'x.' };
    const [, ...named] = findColumns(context, 3, [column]);
    const bounds = boundsOf({ privacy: {} });
    const nothing = findWhole(context, { value: null, detail: 'Nothing.' });
    expect(judgeDataFindings(bounds, [nothing, ...named])[0]?.verdict).toBe('fail');
    expect(judgeDataFindings(bounds, [nothing])[0]?.verdict).toBe('inconclusive');
  });

  it('fails where nothing was measured, and is undecided where nothing could be', () => {
    const bounds = boundsOf({ integrity: {} }).slice(0, 1);
    expect(judgeDataFindings(bounds, [])[0]).toMatchObject({ verdict: 'fail', reason: 'missing' });
    expect(judgeDataFindings(bounds, [findWhole(whole, { value: null, detail: 'No.' })])[0]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-few-rows',
    });
  });

  it('takes no finding of another dataset or pair for an answer', () => {
    const bounds = boundsOf({ leakage: { against: ['train'] } }).slice(0, 1);
    const finding = { value: 0, count: 0, n: 5 };
    const others = [
      findWhole({ dataset: 'train', kind: 'SPLIT_OVERLAP', against: 'train' }, finding),
      findWhole({ dataset: 'd', kind: 'SPLIT_OVERLAP', against: 'd' }, finding),
    ];
    expect(judgeDataFindings(bounds, others)[0]).toMatchObject({ verdict: 'fail', reason: 'missing' });
  });

  const personal = { dataset: 'd', kind: 'PERSONAL_DATA' } as const;
  const found = findColumns(personal, 5, [
    { column: 'mail', value: 1, count: 10, n: 10, detail: '10 of 10 cells: e-mail address.' },
    { column: 'call', value: 0.5, count: 5, n: 10, detail: '5 of 10 cells: phone number.' },
  ]);

  it('names the columns that are not allowed, and tells why others are', () => {
    const [check] = judgeDataFindings(boundsOf({ privacy: { allow: { mail: 'For support' } } }), found);
    expect(check).toMatchObject({ verdict: 'fail', observed: 1, violations: 5 });
    expect(check?.message).toContain('`call`: 5 of 10 cells');
    expect(check?.message).toContain('`mail` is allowed: For support.');
  });

  it('fails where columns were cut out of the evidence', () => {
    const cut = found.filter(({ column }) => column !== 'mail');
    expect(
      judgeDataFindings(boundsOf({ privacy: { allow: { call: 'For support' } } }), cut)[0],
    ).toMatchObject({ verdict: 'fail', reason: 'missing' });
  });

  it('needs the whole interval of a score to lie above the bound', () => {
    const bounds = boundsOf({ leakage: {}, columns: { label: 'y' } }).slice(0, 1);
    const judge = (low: number) =>
      judgeDataFindings(
        bounds,
        findColumns({ dataset: 'd', kind: 'LABEL_LEAK' }, 3, [
          { column: 'a', value: 0.9, interval: { level: 0.99, low, high: 1, method: 'm' }, detail: 'x.' },
        ]),
      )[0]?.verdict;
    expect([judge(0.81), judge(0.79)]).toEqual(['fail', 'pass']);
  });
});

describe('kinds of findings', () => {
  it('are all in the catalogue of anomalies, each with its cure', () => {
    const names = ANOMALIES.map(({ name }) => name);
    for (const { name, cure } of FINDING_KINDS) {
      expect(names.filter((other) => other === name)).toHaveLength(1);
      expect(cure).toMatch(/\.$/u);
    }
  });
});
