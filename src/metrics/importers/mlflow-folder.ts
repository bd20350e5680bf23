/** MLflow's old file store: `mlruns/<experiment>/<run>/{meta.yaml,metrics/,params/,tags/}`. */
import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { listPaths } from './list-paths.ts';
import { parseYaml } from '../../evidence/foreign/lenient-yaml.ts';
import { describeStatus, STATUS_NAMES, timeOf } from './mlflow-status.ts';
import {
  at,
  isAbsent,
  isMapping,
  numberInText,
  oneOf,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const MLFLOW_FOLDER: Importer = {
  format: 'mlflow-folder',
  title: 'MLflow runs in its old file store (the folder mlruns, an experiment of it, or a run)',
  tested: 'fixture',
  versions: 'MLflow 3.17.2 with MLFLOW_ALLOW_FILE_STORE',
  source: 'https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/file_store.py',
  recognise: async (source) =>
    source.kind === 'folder' && (await listPaths(source)).some((path) => META.test(path)),
  read: readStore,
};

const META = /(?:^|\/)meta\.yaml$/u;

/** Where deleted experiments lie. */
const TRASH = /(?:^|\/)\.trash\//u;

async function readStore(folder: ForeignSource): Promise<readonly ImportedRun[]> {
  if (folder.kind !== 'folder') {
    throw new UserError(`${folder.name} is a file; MLflow's file store is a folder.`, {
      help: 'Point at the folder mlruns, at an experiment of it or at a run. A database is the format mlflow-db.',
    });
  }
  const files = (await folder.list()).filter((path) => !TRASH.test(path));
  const experiments = new Map<string, string>();
  const runs: { readonly path: string; readonly meta: Place }[] = [];
  for (const path of files.filter((path) => META.test(path))) {
    const file = await folder.open(path);
    if (file === undefined) continue;
    const meta = placeOf(parseYaml(await file.readText(), file.name), file.name);
    if (!isMapping(meta)) throw wrong(meta, 'a mapping');
    const isRun = !isAbsent(at(meta, 'run_id')) || !isAbsent(at(meta, 'run_uuid'));
    const name = at(meta, 'name').value;
    if (isRun) runs.push({ path: path.slice(0, -'meta.yaml'.length), meta });
    else if (typeof name === 'string') experiments.set(String(at(meta, 'experiment_id').value), name);
  }
  const read: ImportedRun[] = [];
  for (const { path, meta } of runs) {
    if (at(meta, 'lifecycle_stage').value === 'deleted') continue;
    read.push(await readRun(folder, path, meta, { files, experiments }));
  }
  return read;
}

interface Store {
  readonly files: readonly string[];
  /** Names by id. */
  readonly experiments: ReadonlyMap<string, string>;
}

async function readRun(
  folder: ForeignSource,
  path: string,
  meta: Place,
  { files, experiments }: Store,
): Promise<ImportedRun> {
  const [name, experiment] = [
    at(meta, 'run_name').value,
    experiments.get(String(at(meta, 'experiment_id').value)),
  ];
  const status = at(meta, 'status');
  const word = STATUS_NAMES.get(status.value) ?? oneOf(status, [...STATUS_NAMES.values()]);
  const numbers: ImportedNumber[] = [];
  let cut: string | undefined;
  for (const file of files.filter((file) => file.startsWith(`${path}metrics/`))) {
    const opened = await folder.open(file);
    if (opened === undefined) continue;
    const text = await opened.readText();
    if (text !== '' && !text.endsWith('\n')) cut ??= opened.name;
    const value = readLatest(text, opened.name);
    if (value !== undefined) numbers.push({ key: file.slice(`${path}metrics/`.length), value });
  }
  const ended = describeStatus(word);
  return {
    id: textOf(isAbsent(at(meta, 'run_id')) ? at(meta, 'run_uuid') : at(meta, 'run_id')),
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(cut !== undefined && ended.status === 'complete'
      ? { status: 'partial', detail: `${cut} ends inside a line.` }
      : ended),
    numbers,
    lists: [],
    results: [],
    samples: [],
    attributes: {
      ...(experiment === undefined ? {} : { experiment }),
      ...timeOf(at(meta, 'start_time').value),
      ...(await readSettings(folder, path, files)),
    },
  };
}

const SETTING = /^(?:params|tags)\/(?!mlflow\.)/u;
const MAX_SETTINGS = 200;
const MAX_SETTING_BYTES = 10_000;

async function readSettings(
  folder: ForeignSource,
  path: string,
  files: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const settings: Record<string, string> = {};
  const own = files.filter((file) => file.startsWith(path) && SETTING.test(file.slice(path.length)));
  for (const file of own.slice(0, MAX_SETTINGS)) {
    const opened = await folder.open(file);
    if (opened === undefined || opened.size > MAX_SETTING_BYTES) continue;
    settings[file.slice(path.length).replace('/', '.')] = await opened.readText();
  }
  return settings;
}

/**
 * The latest of lines of `milliseconds value step`, as MLflow itself takes it: by step, then time, then value. Later
 * versions write more fields, which say nothing here.
 */
function readLatest(text: string, file: string): number | undefined {
  let latest: readonly [step: number, time: number, value: number] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [time = '', value = '', step = '0'] = line.trim().split(/\s+/u);
    const number = numberInText(value);
    if (!/^\d+$/u.test(time) || number === undefined || !/^-?\d+$/u.test(step)) {
      throw new UserError(
        `${file}, line ${index + 1}: \`${line.slice(0, 80)}\` is no metric; \`milliseconds value step\` is.`,
        {
          help: 'Take the folder as MLflow wrote it.',
        },
      );
    }
    const entry = [Number(step), Number(time), number] as const;
    if (latest === undefined || isLater(entry, latest)) latest = entry;
  }
  return latest?.[2];
}

/** Of equal steps and times the larger value counts; NaN is larger than nothing. */
function isLater(entry: readonly number[], than: readonly number[]): boolean {
  const different = entry.findIndex((value, index) => !Object.is(value, than[index]));
  return different !== -1 && (entry[different] ?? 0) > (than[different] ?? 0);
}
