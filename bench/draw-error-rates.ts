/**
 * Draws bench/results/gates.json for the README: docs/images/error-rates-light.svg and error-rates-dark.svg.
 *
 *     node bench/draw-error-rates.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawErrorRates, THEMES } from './gates/picture.ts';
import type { ErrorRates } from './gates/results.ts';

const ROOT = join(import.meta.dirname, '..');

const results = JSON.parse(
  readFileSync(join(import.meta.dirname, 'results', 'gates.json'), 'utf8'),
) as ErrorRates;
for (const [name, theme] of Object.entries(THEMES)) {
  writeFileSync(join(ROOT, 'docs', 'images', `error-rates-${name}.svg`), drawErrorRates(results, theme));
}
