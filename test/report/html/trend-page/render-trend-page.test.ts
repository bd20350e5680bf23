import { describe, expect, it } from 'vitest';
import { describeTrend } from '../../../../src/report/html/trend-page/draw-trend.ts';
import { renderTrendPage, type TrendPage } from '../../../../src/report/html/trend-page/render-trend-page.ts';
import type { Check, Trend } from '../../../../src/schemas/evidence.generated.ts';

const COMMITS = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40));

const TREND: Trend = {
  about: { model: 'churn' },
  metric: 'roc_auc',
  direction: 'higher-is-better',
  points: [0.91, 0.92, null, 0.85].map((value, index) => ({
    commit: COMMITS[index] ?? '',
    at: `2026-11-0${index + 1}T08:00:00Z`,
    value,
    ...(value === null ? {} : { low: value - 0.01, high: value + 0.01 }),
  })),
  changes: [
    {
      after: COMMITS[1] ?? '',
      at: COMMITS[3] ?? '',
      before: 0.915,
      now: 0.85,
      p: 0.002,
      between: [COMMITS[2] ?? ''],
    },
  ],
};

const CHECK: Check = {
  id: 'trend/churn/roc_auc',
  name: 'max-decay',
  about: { model: 'churn' },
  verdict: 'fail',
  severity: 'warn',
  message: 'ROC AUC on main fell at `dddddddd`.',
};

function pageOf(overrides: Partial<TrendPage> = {}): string {
  const now = new Date('2026-11-05T10:00:00Z');
  return renderTrendPage({
    title: 'mlgate',
    branch: 'main',
    trends: [TREND],
    checks: [CHECK],
    now,
    ...overrides,
  });
}

describe('renderTrendPage', () => {
  it('is a page of its own: no script, nothing fetched', () => {
    const page = pageOf();
    expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="en">/u);
    expect(page).toContain("content=\"default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|https?:/u);
  });

  it('shows alarms first, then the chart with its words and its numbers', () => {
    const page = pageOf();
    expect(page).toContain('1 metric, 1 watched; 1 alarm.');
    expect(page.indexOf('fell at <code>dddddddd</code>')).toBeLessThan(page.indexOf('<svg'));
    expect(page).toContain(
      '<desc id="trend-0-description">4 commits: roc_auc was 0.91 at first and is 0.85 now',
    );
    expect(page).toContain('▼ 0.065');
    expect(page).toContain('<td class="number">0.002</td><td><code>ccccccc</code></td>');
    expect(page).toContain('<td class="number">not a number</td>');
  });

  it('breaks the line where a value is none', () => {
    // The two first points are joined; the last stands alone.
    const lines = pageOf().match(/<path class="candidate-line" d="[^"]*"/gu) ?? [];
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/d="M[\d. ]+L[\d. ]+"$/u);
    expect(pageOf().match(/class="candidate-mark"/gu)).toHaveLength(3);
  });

  it('says that a quiet history is quiet, and an empty one empty', () => {
    expect(pageOf({ checks: [{ ...CHECK, verdict: 'pass', message: 'Within 0.02.' }] })).toContain(
      '1 metric, 1 watched; none has fallen beyond its margin.',
    );
    expect(pageOf({ trends: [], checks: [] })).toContain('Nothing is recorded yet.');
  });

  it('draws nothing of values that allow no picture', () => {
    const points = [{ commit: COMMITS[0] ?? '', value: null }];
    expect(pageOf({ trends: [{ ...TREND, points, changes: [] }] })).toContain('allow no picture');
  });

  it('escapes what strangers named', () => {
    const hostile = '"><script>alert(1)</script>';
    const page = pageOf({
      title: hostile,
      branch: hostile,
      trends: [{ ...TREND, metric: hostile, about: { model: hostile } }],
      checks: [{ ...CHECK, message: hostile }],
    });
    expect(page).not.toContain('<script');
    expect(page).not.toContain('">"');
  });
});

describe('describeTrend', () => {
  it('says the picture in words', () => {
    expect(describeTrend(TREND)).toBe(
      '4 commits: roc_auc was 0.91 at first and is 0.85 now, between 0.85 and 0.92. Its level changed from 0.915 to 0.85 at ddddddd.',
    );
    expect(describeTrend({ ...TREND, points: [] })).toBe('No value is known.');
  });
});
