/** The chain's effects on files that are only in memory: small CSV files, read by an engine of a few lines. */
import { posix } from 'node:path';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import type { ChainEffects } from '../../src/chain/chain.ts';
import { parseWholeConfig } from '../../src/chain/connect.ts';
import type { ParsedConfig } from '../../src/config/parse-config.ts';
import { TableError, type Engine } from '../../src/engine/engine.ts';
import { sha256 } from '../../src/evidence/digest.ts';
import { UserError } from '../../src/evidence/errors.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import { memorySource } from '../metrics/importers/sources.ts';
import { packTexts } from '../../src/outcomes/packed-texts.ts';

export type Files = Readonly<Record<string, string>>;

export const NO_BASELINE: BaselineFound = {
  used: { rung: 'none', tried: [{ rung: 'exact', reason: 'Nothing is recorded yet.' }] },
  evidence: undefined,
  outcomes: new Map(),
};

interface MemoryOptions {
  readonly baseline?: BaselineFound;
  /** Key-value metadata of tables, by path. */
  readonly metadata?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly signal?: AbortSignal;
}

export interface MemoryEffects extends ChainEffects {
  readonly steps: string[];
}

function readCsv(
  files: Files,
  path: string,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const text = files[path];
  if (text === undefined) throw new TableError('missing-file', path, `${path} does not exist.`);
  const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  if (header === '') throw new TableError('empty', path, `${path} is empty.`);
  return { columns: header.split(','), rows: lines.map((line) => line.split(',')) };
}

/** Reads CSV without quotes. Of a plan it counts rows and absent cells; no cell breaks a condition. */
function memoryEngine(files: Files, metadata: MemoryOptions['metadata'] = {}): Engine {
  return {
    describeTable: async ({ path }) => ({
      format: 'csv',
      columns: readCsv(files, path).columns.map((name) => ({ name, type: 'string' })),
    }),
    checkTable: async ({ source, cells, unique, absent, profile }) => ({
      rows: readCsv(files, source.path).rows.length,
      violations: Object.fromEntries(cells.map(({ id }) => [id, 0])),
      duplicates: Object.fromEntries(unique.map(({ id }) => [id, 0])),
      absent: Object.fromEntries(absent.map((column) => [column, 0])),
      ...(profile === undefined
        ? {}
        : {
            profile: {
              rows: readCsv(files, source.path).rows.length,
              buckets: profile.buckets,
              hash: 'memory',
              columns: [],
            },
          }),
    }),
    findExamples: async () => ({}),
    readColumns: async ({ source, columns }) => {
      const table = readCsv(files, source.path);
      const read = columns.map(({ name, as }) => {
        const cells = table.rows.map((row) => row[table.columns.indexOf(String(name))] ?? '');
        if (as === 'number')
          return Float64Array.from(cells, (cell) => (cell === '' ? Number.NaN : Number(cell)));
        return as === 'text' ? packTexts(cells) : encodeColumn(cells);
      });
      return { rows: table.rows.length, columns: read };
    },
    askTable: async () => await Promise.reject(new Error('no questions about tables here')),
    inspectTable: async () => await Promise.reject(new Error('no inspections here')),
    readScores: async () => await Promise.reject(new Error('no scores here')),
    describeNested: async () => ({ kind: 'other' }),
    readMetadata: async ({ path }) => metadata[path] ?? {},
    diffTables: async () => await Promise.reject(new Error('no differences here')),
    surveyTable: async () => await Promise.reject(new Error('no survey here')),
    estimateDistinct: async () => await Promise.reject(new Error('no survey here')),
    close: async () => {},
  };
}

export function memoryEffects(files: Files, options: MemoryOptions = {}): MemoryEffects {
  const read = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new UserError(`${path} does not exist.`);
    return text;
  };
  const steps: string[] = [];
  return {
    steps,
    engine: memoryEngine(files, options.metadata),
    resolvePath: async (path) => path,
    listShards: async () => undefined,
    displayPath: (path) => path,
    besidePath: (path, other) => posix.join(posix.dirname(path), other),
    evidencePath: (path) => path,
    readText: async (path) => read(path),
    readOptionalText: async (path) => files[path],
    identifyFile: async (path) => ({ sha256: sha256(read(path)), bytes: read(path).length }),
    openForeign: async (path) => memorySource(path, read(path)),
    findBaseline: async () => options.baseline ?? NO_BASELINE,
    now: () => new Date('2026-11-03T12:00:00Z'),
    onStep: (step) => steps.push(step),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

export function parse(config: object): ParsedConfig {
  return parseWholeConfig(JSON.stringify({ version: 1, ...config }), 'mlgate.yml');
}

/** Predictions of a model that is wrong about every `wrongEvery`-th example. */
export function predictions(n: number, wrongEvery: number, firstId = 0): string {
  const rows = Array.from({ length: n }, (_, index) => {
    const target = index % 2;
    const isWrong = index % wrongEvery === 0;
    const sure = 0.55 + ((index * 13) % 40) / 100;
    return `e${firstId + index},${target},${((target === 1) === isWrong ? 1 - sure : sure).toFixed(4)}`;
  });
  return `id,y,p\n${rows.join('\n')}\n`;
}

export const CHURN = {
  task: 'binary-classification',
  predictions: { path: 'new.csv', id: 'id', target: 'y', score: 'p' },
} as const;
