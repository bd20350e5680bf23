/**
 * Runs a file of statistical reference cases and prints, as one JSON document, what became of each: pass, fail (with
 * what was got and wanted) or no function. Exits 1 on a failure.
 *
 *     node scripts/stat-cases.ts test/data/stat-cases.json
 */
import { readStatCases, runStatCase } from '../test/statistics/stat-cases.ts';

/** JSON has no NaN or Infinity: the cases write them as text. */
function nonFiniteAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

const path = process.argv[2];
if (path === undefined) {
  console.error('Usage: node scripts/stat-cases.ts FILE');
  process.exitCode = 2;
} else {
  const { cases, datasets } = readStatCases(path);
  const results = cases.map((statCase) => runStatCase(statCase, datasets));
  const count = (result: string): number => results.filter((item) => item.result === result).length;
  const summary = {
    cases: results.length,
    pass: count('pass'),
    fail: count('fail'),
    noFunction: count('no function'),
  };
  console.log(JSON.stringify({ summary, results }, nonFiniteAsText, 2));
  if (summary.fail > 0) process.exitCode = 1;
}
