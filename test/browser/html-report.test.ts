import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { listGoldenCases, readGoldenCase } from '../report/golden-cases.ts';
import { findChromium, HOW_TO_GET_CHROMIUM, openWatched, startChromium } from './chromium.ts';
import { contrastOf, readDrawnTexts } from './contrast.ts';

/** WCAG AA for text of normal size. */
const LEAST_CONTRAST = 4.5;
const DESK = 1100;
const PHONE = 390;

const executable = findChromium();
const inCi = process.env['CI'] === 'true';
if (executable === undefined && !inCi) console.warn(`Skipped: ${HOW_TO_GET_CHROMIUM}`);

describe('the prerequisite', () => {
  it.runIf(inCi)('is there: in CI nothing is skipped', () => {
    expect(executable === undefined ? HOW_TO_GET_CHROMIUM : 'found').toBe('found');
  });
});

describe.skipIf(executable === undefined)('the HTML report in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium(executable ?? '');
  });

  afterAll(async () => {
    await browser.close();
  });

  const views = listGoldenCases().flatMap(({ name }) =>
    (
      [
        ['light', DESK],
        ['dark', DESK],
        ['light', PHONE],
      ] as const
    ).map(([colorScheme, width]) => ({ name, colorScheme, width })),
  );

  it.each(views)('$name, $colorScheme, $width px wide: quiet, legible, within the screen', async (view) => {
    const { evidence, options } = readGoldenCase(view.name);
    const { page, requests, complaints } = await openWatched(browser, renderHtml(evidence, options), view);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.locator('h1').innerText()).toContain('mlgate: ');
    await page.evaluate(
      "document.querySelectorAll('details').forEach((details) => { details.open = true; })",
    );
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    const texts = await readDrawnTexts(page);
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => contrastOf(text) < LEAST_CONTRAST)).toEqual([]);
    await page.close();
  });

  it('has hostile text as text', async () => {
    const { evidence, options } = readGoldenCase('untrusted-hostile');
    const { page } = await openWatched(browser, renderHtml(evidence, options), {
      colorScheme: 'light',
      width: DESK,
    });
    expect(await page.locator('script, img, iframe, object, link').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain('<script>window.pwned=1</script>');
    expect(await page.locator('.banner').innerText()).toContain('Reported by code of this pull request');
    await page.close();
  });

  it('would not run a script even if one slipped in', async () => {
    const { evidence, options } = readGoldenCase('all-pass');
    const html = renderHtml(evidence, options).replace(
      '</main>',
      '<script>window.pwned = 1</script><img src="https://example.org/x.png"></main>',
    );
    const { page, complaints } = await openWatched(browser, html, { colorScheme: 'light', width: DESK });
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toHaveLength(2);
    await page.close();
  });

  it('draws its pictures where they belong: no letter lies outside its picture', async () => {
    const { evidence, options } = readGoldenCase('regression-and-data');
    const { page } = await openWatched(browser, renderHtml(evidence, options), {
      colorScheme: 'light',
      width: PHONE,
    });
    const outside = await page.evaluate<
      readonly string[]
    >(`[...document.querySelectorAll('svg text')].filter((text) => {
      const [inner, outer] = [text.getBoundingClientRect(), text.closest('svg').getBoundingClientRect()];
      return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2;
    }).map((text) => text.textContent)`);
    expect(await page.locator('svg').count()).toBe(3);
    expect(outside).toEqual([]);
    await page.close();
  });

  it('opens its numbers from the keyboard', async () => {
    const { evidence, options } = readGoldenCase('all-pass');
    const { page } = await openWatched(browser, renderHtml(evidence, options), {
      colorScheme: 'light',
      width: DESK,
    });
    const numbers = page.locator('figure details').first();
    await numbers.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await numbers.locator('table').isVisible()).toBe(true);
    await page.close();
  });
});
