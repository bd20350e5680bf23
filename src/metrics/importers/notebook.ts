/** Jupyter notebooks: whether every cell ran, in order and without an error, and whether one shows a secret. */
import { findSecrets } from './find-secrets.ts';
import type { ForeignSource, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  countOf,
  isAbsent,
  listOf,
  numberOf,
  optional,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const NOTEBOOK: Importer = {
  format: 'notebook',
  title: 'Jupyter notebooks (nbformat 4): cells that failed, did not run, ran out of order, or show secrets',
  tested: 'fixture',
  versions: 'nbformat 5.11.1, run by nbclient 0.11.0',
  source: 'https://nbformat.readthedocs.io/en/latest/format_description.html',
  recognise: async (source) =>
    (source.kind === 'file' && source.name.endsWith('.ipynb')) ||
    headHasKeys(source, ['cells', 'nbformat', 'cell_type']),
  read: async (source) => [await readNotebook(source)],
};

interface Cell {
  /** Its place among all cells, from 1. */
  readonly number: number;
  readonly count: number | undefined;
  /** Class of the error, never its text, which may hold anything. */
  readonly error: string | undefined;
  readonly isEmpty: boolean;
  readonly secrets: readonly string[];
}

async function readNotebook(source: ForeignSource): Promise<ImportedRun> {
  const notebook = placeOf(await readJson(source), source.name);
  const format = at(notebook, 'nbformat');
  if (countOf(format) !== 4) throw wrong(format, '4: convert it with `jupyter nbconvert --to notebook`');
  const cells = listOf(at(notebook, 'cells')).flatMap((cell, index) =>
    textOf(at(cell, 'cell_type')) === 'code' ? [readCell(cell, index + 1)] : [],
  );
  return {
    id: '',
    ...statusOf(cells),
    numbers: [],
    lists: [],
    results: [
      ...cells.filter(({ isEmpty }) => !isEmpty).map(describeCell),
      judgeOrder(cells),
      judgeSecrets(cells),
    ],
    samples: [],
    attributes: {
      cells: cells.length,
      ...describeLanguage(at(notebook, 'metadata', 'language_info')),
    },
  };
}

function describeLanguage(language: Place): Readonly<Record<string, string>> {
  const [name, version] = ['name', 'version'].map((key) => optional(at(language, key), textOf));
  return {
    ...(name === undefined ? {} : { language: name }),
    ...(version === undefined ? {} : { language_version: version }),
  };
}

function readCell(cell: Place, number: number): Cell {
  const count = optional(at(cell, 'execution_count'), numberOf);
  const outputs = listOf(at(cell, 'outputs'));
  const error = outputs.find((output) => textOf(at(output, 'output_type')) === 'error');
  const source = readLines(at(cell, 'source'));
  return {
    number,
    count,
    error: error === undefined ? undefined : textOf(at(error, 'ename')),
    isEmpty: source.trim() === '',
    secrets: [
      ...new Set([...findSecrets(source), ...outputs.flatMap((output) => findSecrets(showOutput(output)))]),
    ],
  };
}

/** A text, or a list of its lines. */
function readLines(place: Place): string {
  return Array.isArray(place.value) ? listOf(place).map(textOf).join('') : textOf(place);
}

/** Whatever text an output shows: a stream, a display in any format, a traceback. */
function showOutput(output: Place): string {
  const [text, data, traceback] = [at(output, 'text'), at(output, 'data'), at(output, 'traceback')];
  return [
    isAbsent(text) ? '' : readLines(text),
    isAbsent(data) ? '' : JSON.stringify(data.value),
    isAbsent(traceback) ? '' : readLines(traceback),
    isAbsent(at(output, 'evalue')) ? '' : textOf(at(output, 'evalue')),
  ].join('\n');
}

function statusOf(cells: readonly Cell[]): Pick<ImportedRun, 'status' | 'detail'> {
  const failed = cells.filter(({ error }) => error !== undefined);
  if (failed.length > 0) {
    return { status: 'failed', detail: `Cells that ended in an error: ${listNumbers(failed)}.` };
  }
  const left = cells.filter(({ count, isEmpty }) => count === undefined && !isEmpty);
  if (left.length > 0) return { status: 'partial', detail: `Cells that did not run: ${listNumbers(left)}.` };
  return { status: 'complete' };
}

const MAX_LISTED = 20;

function listNumbers(cells: readonly Cell[]): string {
  const shown = cells.slice(0, MAX_LISTED).map(({ number }) => number);
  return `${shown.join(', ')}${cells.length > MAX_LISTED ? ` and ${cells.length - MAX_LISTED} more` : ''}`;
}

function describeCell({ number, error, count }: Cell): ImportedResult {
  const name = `cell ${number}`;
  if (error !== undefined) return { name, outcome: 'fail', message: `It ended in ${error}.` };
  return count === undefined
    ? { name, outcome: 'skipped', message: 'It did not run.' }
    : { name, outcome: 'pass' };
}

/** Counts rise from 1 where a notebook was run from its top; a gap is a cell that was run again, or is gone. */
function judgeOrder(cells: readonly Cell[]): ImportedResult {
  const run = cells.filter(({ count }) => count !== undefined);
  const late = run.filter(({ count = 0 }, index) => index > 0 && count <= (run[index - 1]?.count ?? 0));
  const name = 'order';
  if (late.length > 0) {
    return {
      name,
      outcome: 'fail',
      message: `Cells that ran before one above them: ${listNumbers(late)}. Restart the kernel and run all.`,
    };
  }
  const isGapless = run.every(({ count }, index) => count === index + 1);
  return isGapless
    ? { name, outcome: 'pass' }
    : {
        name,
        outcome: 'warn',
        message: 'Cells were run again or removed since the kernel started. Restart it and run all.',
      };
}

/** The kind of a secret and where it is; its value is shown nowhere. */
function judgeSecrets(cells: readonly Cell[]): ImportedResult {
  const found = cells.filter(({ secrets }) => secrets.length > 0);
  if (found.length === 0) return { name: 'secrets', outcome: 'pass' };
  const shown = found
    .slice(0, MAX_LISTED)
    .map(({ number, secrets }) => `cell ${number} (${secrets.join(', ')})`);
  return {
    name: 'secrets',
    outcome: 'fail',
    message: `What looks like a secret stands in ${shown.join(', ')}. Revoke it, then clear the cell.`,
  };
}
