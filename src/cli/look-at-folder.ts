import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listDvcMetrics } from '../config/list-dvc-metrics.ts';
import type { FolderFindings, MetricsFileFinding, TableFinding } from '../config/folder-findings.ts';
import { TableError, type Engine, type TableFault } from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import { importRun } from '../metrics/importers/import-run.ts';
import { openForeignSource } from '../platform/foreign-source.ts';
import { readTextFile } from '../platform/read-text-file.ts';
import { exists } from '../platform/look-at-path.ts';

/** How much of a folder `mlgate init` looks at; a first config needs no more. */
const MAX_DEPTH = 4;
const MAX_FILES = 2000;
const MAX_TABLES = 20;
const MAX_METRICS_FILE_BYTES = 1_000_000;

/** Folders that hold no data of the repository's own. */
const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.venv',
  'venv',
  '__pycache__',
  'mlruns',
  '.dvc',
  '.mlgate',
  'dist',
  'build',
  'site-packages',
]);

const TABLE = /\.(csv|tsv|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i;
const METRICS = /(metrics|scores|results|eval)[\w.-]*\.(json|ya?ml)$/i;
const ARTIFACT = /\.(onnx|pkl|joblib|pt|pth|safetensors|h5|keras|ubj|cbm|mlmodel)$/i;

/**
 * What a folder holds that a first config could gate. A file that is not what its name says is passed over: it is no
 * reason not to start.
 * @param onStep called with the name of each table before it is read
 */
export async function lookAtFolder(
  folder: string,
  engine: Engine,
  onStep: (path: string) => void,
): Promise<FolderFindings> {
  const files = await listFiles(folder, '', 0);
  const metricsFiles = await Promise.all(
    files.filter((path) => METRICS.test(path)).map(async (path) => await lookAtMetrics(folder, path)),
  );
  const usesDvc = files.includes('dvc.yaml');
  const dvc = (usesDvc ? await passOver(async () => await readDvcMetrics(folder)) : undefined) ?? [];
  const known = new Set(metricsFiles.flatMap((file) => (file === undefined ? [] : [file.path])));
  const declared = await Promise.all(
    dvc
      .filter((path) => files.includes(path) && !known.has(path))
      .map(async (path) => await lookAtMetrics(folder, path)),
  );
  return {
    tables: await lookAtTables(
      folder,
      files.filter((path) => TABLE.test(path)).slice(0, MAX_TABLES),
      engine,
      onStep,
    ),
    metricsFiles: [...declared, ...metricsFiles].filter((file) => file !== undefined),
    artifacts: files.filter((path) => ARTIFACT.test(path)),
    dvc: usesDvc,
    mlflow: await findMlflow(folder),
  };
}

async function listFiles(folder: string, way: string, depth: number): Promise<readonly string[]> {
  if (depth > MAX_DEPTH) return [];
  const entries = (await readdir(join(folder, way), { withFileTypes: true })).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const found: string[] = [];
  for (const entry of entries) {
    const path = way === '' ? entry.name : `${way}/${entry.name}`;
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && !SKIPPED.has(entry.name) && found.length < MAX_FILES)
      found.push(...(await listFiles(folder, path, depth + 1)));
  }
  return found.slice(0, MAX_FILES);
}

/** Undefined for a file whose content is bad; a machine that cannot read at all is another matter, and thrown. */
async function passOver<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    if (error instanceof TableError && !MACHINES_FAULTS.includes(error.fault)) return undefined;
    throw error;
  }
}

const MACHINES_FAULTS: readonly TableFault[] = ['cancelled', 'engine-died'];

async function readDvcMetrics(folder: string): Promise<readonly string[]> {
  const options = { what: 'dvc.yaml', maxBytes: MAX_METRICS_FILE_BYTES };
  return listDvcMetrics(await readTextFile(join(folder, 'dvc.yaml'), options), 'dvc.yaml');
}

async function lookAtMetrics(folder: string, path: string): Promise<MetricsFileFinding | undefined> {
  return await passOver(async () => {
    const { run } = await importRun(await openForeignSource(join(folder, path), path));
    return { path, keys: run.status === 'complete' ? run.numbers.map(({ key }) => key) : [] };
  });
}

async function lookAtTables(
  folder: string,
  paths: readonly string[],
  engine: Engine,
  onStep: (path: string) => void,
): Promise<readonly TableFinding[]> {
  const tables: TableFinding[] = [];
  for (const path of paths) {
    onStep(path);
    const table = await passOver(async () => await lookAtTable(folder, path, engine));
    if (table !== undefined) tables.push(table);
  }
  return tables;
}

async function lookAtTable(folder: string, path: string, engine: Engine): Promise<TableFinding> {
  const source = { path: join(folder, path) };
  const { columns } = await engine.describeTable(source);
  // Whether it can be read to its end.
  await engine.checkTable({ source, cells: [], unique: [], absent: [] });
  return { path, columns };
}

async function findMlflow(folder: string): Promise<FolderFindings['mlflow']> {
  if (await exists(join(folder, 'mlflow.db'))) return 'mlflow.db';
  return (await exists(join(folder, 'mlruns'))) ? 'mlruns/' : undefined;
}
