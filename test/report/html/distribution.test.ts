import { describe, expect, it } from 'vitest';
import { drawDistribution } from '../../../src/report/html/figures/distribution.ts';
import type { DistributionPicture } from '../../../src/report/view/report-view.ts';

const BELL: DistributionPicture = {
  kind: 'distribution',
  title: 'age',
  x: 'age',
  edges: [0, 10, 20, 30, 40, 50, 60, 70],
  current: [1, 4, 9, 12, 9, 4, 1],
  reference: { name: 'main', counts: [4, 9, 12, 9, 4, 1, 1] },
};

function countOf(html: string, part: string): number {
  return html.split(part).length - 1;
}

describe('the picture of a distribution', () => {
  it('has a bar for each bin, a line for what was, and the numbers of both', () => {
    const html = drawDistribution(BELL, 'f');
    expect(countOf(html, 'class="bar"')).toBe(1 + 7);
    expect(countOf(html, '<path class="baseline-line"')).toBe(1);
    expect(html).toContain('age: 40 values beside 40 values of main.');
    expect(countOf(html, '<tr>')).toBe(1 + 7);
  });

  it('tells a value that holds most of all in words', () => {
    const html = drawDistribution(
      {
        ...BELL,
        edges: [0, 0.1, 10, 20, 30, 40, 50, 60],
        current: [90, 1, 2, 3, 2, 1, 1],
        reference: undefined,
      } as never,
      'f',
    );
    expect(html).toContain('90 % near 0, not drawn');
    expect(countOf(html, 'class="bar"')).toBe(6);
  });

  it('leaves out tails that would press everything else flat, and says so', () => {
    const html = drawDistribution({ ...BELL, edges: [-9000, 10, 20, 30, 40, 50, 60, 9000] }, 'f');
    expect(html).toContain('tails not drawn');
    expect(countOf(html, 'class="bar"')).toBe(1 + 5);
  });

  it('draws bins alike where no linear axis shows them', () => {
    const edges = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
    const html = drawDistribution({ ...BELL, edges, current: [5, 5, 5, 5, 5, 5, 5] }, 'f');
    expect(html).toContain('not to scale');
  });

  it('writes times as days', () => {
    const day = 86_400_000;
    const html = drawDistribution(
      { ...BELL, isTime: true, edges: BELL.edges?.map((edge) => 1_700_000_000_000 + edge * day) ?? [] },
      'f',
    );
    expect(html).toMatch(/20\d\d-\d\d-\d\d/u);
  });

  it('shows the first categories, and escapes their names', () => {
    const labels = Array.from({ length: 20 }, (_, index) => `<b>${index}`);
    const counts = labels.map((_, index) => 20 - index);
    const html = drawDistribution(
      {
        kind: 'distribution',
        title: '<i>',
        x: 'x',
        labels,
        current: counts,
        reference: { name: '<u>', counts },
      },
      'f',
    );
    expect(html).toContain('8 more in the table');
    expect(html).not.toMatch(/<[biu]>/u);
  });

  it.each([
    { ...BELL, edges: [], current: [], reference: { name: 'main', counts: [] } },
    { ...BELL, edges: [1, 1, 1], current: [0, 0] },
    { ...BELL, edges: [Number.NaN, Number.NaN], current: [3] },
    { kind: 'distribution' as const, title: 't', x: 'x', labels: [], current: [] },
    { kind: 'distribution' as const, title: 't', x: 'x', labels: ['a'], current: [0] },
  ])('says so where there is nothing to draw', (picture) => {
    expect(drawDistribution(picture, 'f')).toContain('no picture');
  });
});
