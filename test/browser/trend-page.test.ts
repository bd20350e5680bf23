import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderTrendPage } from '../../src/report/html/trend-page/render-trend-page.ts';
import type { Trend } from '../../src/schemas/evidence.generated.ts';
import { findChromium, openWatched, startChromium } from './chromium.ts';
import { contrastOf, readDrawnTexts } from './contrast.ts';

/** WCAG AA for text of normal size. */
const LEAST_CONTRAST = 4.5;

const executable = findChromium();

/** A history with a fall in its middle. */
const FALL: Trend = {
  about: { model: 'churn<img src=x onerror="window.pwned=1">' },
  metric: 'roc_auc',
  points: Array.from({ length: 90 }, (_, index) => {
    const value = (index < 50 ? 0.9 : 0.87) + 0.002 * Math.sin(index * index);
    return { commit: index.toString(16).padStart(40, '0'), value, low: value - 0.01, high: value + 0.01 };
  }),
  changes: [
    {
      after: (49).toString(16).padStart(40, '0'),
      at: (50).toString(16).padStart(40, '0'),
      before: 0.9,
      now: 0.87,
      p: 0.001,
    },
  ],
};

describe.skipIf(executable === undefined)('the trend page in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium(executable ?? '');
  });

  afterAll(async () => {
    await browser.close();
  });

  it.each([
    { colorScheme: 'light', width: 1100 },
    { colorScheme: 'dark', width: 1100 },
    { colorScheme: 'light', width: 390 },
  ] as const)('$colorScheme, $width px wide: quiet, legible, within the screen', async (view) => {
    const html = renderTrendPage({
      title: 'mlgate',
      branch: 'main',
      trends: [FALL],
      checks: [],
      now: new Date(0),
    });
    const { page, requests, complaints } = await openWatched(browser, html, view);
    expect([requests, complaints]).toEqual([[], []]);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    const texts = await readDrawnTexts(page);
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => contrastOf(text) < LEAST_CONTRAST)).toEqual([]);
    await page.close();
  });
});
