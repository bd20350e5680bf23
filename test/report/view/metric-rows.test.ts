import { describe, expect, it } from 'vitest';
import { groupRowChecks, metricKey } from '../../../src/report/view/metric-rows.ts';
import type { About, Check } from '../../../src/schemas/evidence.generated.ts';

function check(name: string, about: About): Check {
  return { id: name, name, metric: 'recall', about, verdict: 'fail', severity: 'fail', message: 'No.' };
}

describe('groupRowChecks', () => {
  it('leaves out what is about other numbers of the same name: of groups, of the training set, of a trivial model', () => {
    const about = { model: 'm' };
    const names = ['at-least', 'max-regression', 'min-ratio', 'max-difference', 'max-gap', 'min-gain'];
    const grouped = groupRowChecks(names.map((name) => check(name, about)));
    expect(grouped.get(metricKey(about, 'recall'))?.map(({ name }) => name)).toEqual([
      'at-least',
      'max-regression',
    ]);
  });

  it('keeps how far a slice is behind the rest', () => {
    const about = { model: 'm', slice: 'region=east' };
    expect(groupRowChecks([check('max-gap', about)]).get(metricKey(about, 'recall'))).toHaveLength(1);
  });
});
