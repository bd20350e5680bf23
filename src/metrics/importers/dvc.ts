/** Files of plain numbers, by the rules of DVC's metrics and plots: JSON, YAML, TOML, CSV and TSV. */
import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource, ImportedList, Importer, ImportedRun } from './importer.ts';
import { numberInText } from '../../evidence/foreign/places.ts';
import { numbersOf, readNumbers, type NumbersInFile } from './read-numbers.ts';

/** Most rows of a table: one for each step, fold or seed. */
const MAX_ROWS = 100_000;

export const DVC: Importer = {
  format: 'dvc',
  title: 'DVC metrics and plots, and any file of plain numbers (JSON, YAML, TOML, CSV, TSV)',
  tested: 'fixture',
  versions: 'DVC 3.67.1',
  source: 'https://dvc.org/doc/command-reference/metrics',
  recognise: async (source) => source.kind === 'file' && isPlain(source),
  read: async (source) => [toRun(await readPlain(source))],
};

const TABLE = /\.(csv|tsv)$/iu;
const TOML = /\.toml$/iu;
const TEXT = /\.(json|ya?ml|toml|csv|tsv)$/iu;

/** A text whose name says that it is one of these, or that begins as JSON does; an empty file too: it has no number. */
function isPlain({ name, head }: ForeignSource): boolean {
  if (head.includes(0)) return false;
  return (
    TEXT.test(name) ||
    /^\s*(?:[[{]|$)/u.test(new TextDecoder().decode(head.subarray(0, 4096)).replace(/^\uFEFF/u, ''))
  );
}

async function readPlain(source: ForeignSource): Promise<NumbersInFile> {
  const text = await source.readText();
  if (text.trim() === '') return { numbers: [], lists: [] };
  if (TABLE.test(source.name)) return await readTable(text, source.name);
  return TOML.test(source.name) ? await readToml(text, source.name) : readNumbers(text, source.name);
}

async function readToml(text: string, file: string): Promise<NumbersInFile> {
  const { parse, TomlError } = await import('smol-toml');
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError) && !(error instanceof RangeError)) throw error;
    throw new UserError(`${file} is not TOML: ${error.message.split('\n')[0] ?? ''}`, {
      help: 'Check that the step that writes the file ran to its end.',
      cause: error,
    });
  }
  return numbersOf(value, file);
}

/** A table of one row is its numbers; of more rows each column is a list, such as of folds or of steps. */
async function readTable(text: string, file: string): Promise<NumbersInFile> {
  const { parse, CsvError } = await import('csv-parse/sync');
  let records: readonly Readonly<Record<string, string>>[];
  try {
    records = parse<Readonly<Record<string, string>>>(text, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      delimiter: /\.tsv$/iu.test(file) ? '\t' : ',',
      to: MAX_ROWS + 1,
      max_record_size: 1_000_000,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`${file} is not a table: ${error.message}`, {
      help: 'Its first row must name the columns, and every row must have as many cells.',
      cause: error,
    });
  }
  if (records.length > MAX_ROWS) {
    throw new UserError(`${file} has more than ${MAX_ROWS} rows.`, { help: 'Point `path` at a summary.' });
  }
  const [first] = records;
  if (first === undefined) return { numbers: [], lists: [] };
  const columns = Object.keys(first);
  if (records.length === 1) {
    return numbersOf(Object.fromEntries(columns.map((key) => [key, numberInText(first[key] ?? '')])), file);
  }
  const lists = columns.flatMap((key): ImportedList[] => {
    const values = records.map((record) => numberInText(record[key] ?? ''));
    return values.every((value) => value !== undefined) ? [{ key, values }] : [];
  });
  return { numbers: [], lists };
}

function toRun({ numbers, lists }: NumbersInFile): ImportedRun {
  return { id: '', status: 'complete', numbers, lists, results: [], samples: [], attributes: {} };
}
