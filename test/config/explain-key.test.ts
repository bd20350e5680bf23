import { describe, expect, it } from 'vitest';
import { explainKey } from '../../src/config/explain-key.ts';
import { listKeys, rootOf } from '../../src/config/list-keys.ts';
import type { SchemaNode } from '../../src/config/schema-node.ts';

describe('explainKey', () => {
  it('tells what a key means, may be, and looks like', () => {
    expect(explainKey('models.churn.metrics.roc_auc.max-regression')).toBe(
      [
        'models.<model>.metrics.<metric>.max-regression',
        '',
        'Margin of the non-inferiority test against the baseline: how much worse the candidate may be.',
        '',
        'Value:    a number of at least 0 or a percentage such as `5%`',
        'Example:  max-regression: 0.02',
        '          max-regression: "5%"',
        '',
      ].join('\n'),
    );
  });

  it('tells defaults and what is required', () => {
    expect(explainKey('comparison.alpha')).toContain('Default:  0.05');
    expect(explainKey('data.d.schema')).toContain('Required: yes');
  });

  it('lists the keys below', () => {
    const text = explainKey('models.churn');
    expect(text).toMatch(/^models\.<model>\n/);
    expect(text).toContain('\n  predictions           A file with one row');
  });

  it('gives an overview of both documents', () => {
    expect(explainKey('')).toContain('  models      Models to test');
    expect(explainKey('data-schema')).toContain('  properties             The columns, by name.');
  });

  it('understands names with dots', () => {
    expect(explainKey('metrics.training.gates.train.acc.at-least')).toMatch(
      /^metrics\.<file>\.gates\.<key>\.at-least\n/,
    );
    expect(explainKey('metrics.training.gates.train.acc')).toMatch(/^metrics\.<file>\.gates\.<key>\n/);
    expect(explainKey('data-schema.dataset.null-fraction.a.b.at-most')).toMatch(
      /^data-schema\.dataset\.null-fraction\.<column>\.at-most\n/,
    );
  });

  it('finds the last key alone, wherever it stands', () => {
    const text = explainKey('max-regression');
    expect(text).toContain('models.<model>.metrics.<metric>.max-regression');
    expect(text).toContain('metrics.<file>.gates.<key>.max-regression');
  });

  it.each([
    ['modls', 'There is no key `modls`. Did you mean `models`?'],
    [
      'models.churn.metrcs',
      'There is no key `metrcs` under `models.churn`. Did you mean `models.churn.metrics`?',
    ],
    ['metrics.f.gates.val_loss.max-regresion', 'Did you mean `metrics.f.gates.val_loss.max-regression`?'],
    ['enforce.x', 'There is no key `x` under `enforce`. There are no keys there.'],
    ['models.churn.behaviour', '`behaviour` does not exist yet in this version'],
    ['data-schema.dataset.row', 'Did you mean `dataset.rows`?'],
  ])('refuses %s', (key, message) => {
    expect(() => explainKey(key)).toThrow(message);
  });

  it('explains every key there is', () => {
    const paths = (
      node: SchemaNode,
      root: SchemaNode,
      walked: string,
      open: readonly unknown[] = [],
    ): readonly string[] =>
      open.includes(node['title'] ?? node)
        ? []
        : listKeys(node, root).flatMap((key) => {
            const path = `${walked}${key.name}`;
            return [path, ...paths(key.node, root, `${path}.`, [...open, node['title'] ?? node])];
          });
    const all = [
      ...paths(rootOf('config'), rootOf('config'), ''),
      ...paths(rootOf('data-schema'), rootOf('data-schema'), 'data-schema.'),
    ];
    expect(all.length).toBeGreaterThan(90);
    for (const path of all) expect(explainKey(path).split('\n')[0]).toBe(path);
  });
});
