/**
 * Every format of another tool's results that is read. Recognised in this order, which goes from what only one tool
 * writes to what many do: plain numbers are last.
 */
import type { Importer } from './importer.ts';

export const FORMATS: readonly (readonly [format: string, load: () => Promise<Importer>])[] = [
  ['junit', async () => (await import('./junit.ts')).JUNIT],
  ['pytest-json-report', async () => (await import('./pytest-json-report.ts')).PYTEST_JSON_REPORT],
  ['pytest-benchmark', async () => (await import('./pytest-benchmark.ts')).PYTEST_BENCHMARK],
  ['dvc', async () => (await import('./dvc.ts')).DVC],
];
