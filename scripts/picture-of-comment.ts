/**
 * Draws the comment as a reviewer sees it, for the README: docs/images/comment.png and comment-dark.png.
 *
 *     node scripts/picture-of-comment.ts [EVIDENCE.json]
 *
 * Needs Chromium and a colour emoji font (Debian: chromium, fonts-noto-color-emoji). The page around the comment is our
 * own imitation of GitHub's.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { parseEvidence } from '../src/evidence/evidence.ts';
import { renderMarkdown } from '../src/report/markdown/render-markdown.ts';
import { findChromium, HOW_TO_GET_CHROMIUM, openWatched, startChromium } from '../test/browser/chromium.ts';
import { showAsComment } from '../test/report/github-page.ts';

const FOLDER = new URL('../docs/images/', import.meta.url);
const DEFAULT_EVIDENCE = new URL('../test/golden/report/regression-and-data/evidence.json', import.meta.url);
const WIDTH = 920;
const PIXELS_PER_POINT = 1.5;

const executable = findChromium();
if (executable === undefined) throw new Error(HOW_TO_GET_CHROMIUM);

const path = process.argv[2] ?? DEFAULT_EVIDENCE;
const evidence = parseEvidence(readFileSync(path, 'utf8'), String(path));
const address = 'https://github.com/acme/bird-strikes/actions/runs/11223344';
const markdown = renderMarkdown(evidence, {
  title: 'mlgate',
  now: new Date(evidence.createdAt),
  trust: 'own',
  runUrl: address,
  htmlUrl: `${address}/artifacts/5566`,
});

mkdirSync(FOLDER, { recursive: true });
const browser = await startChromium(executable);
try {
  for (const [colorScheme, file] of [
    ['light', 'comment.png'],
    ['dark', 'comment-dark.png'],
  ] as const) {
    const view = { colorScheme, width: WIDTH, pixelsPerPoint: PIXELS_PER_POINT };
    const { page } = await openWatched(browser, showAsComment(markdown), view);
    await page.locator('.comment').screenshot({ path: new URL(file, FOLDER).pathname });
    console.log(`docs/images/${file}`);
  }
} finally {
  await browser.close();
}
