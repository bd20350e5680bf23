/** Examples as lines of JSON, for a program that runs a model. */

/** A column of the features. Cells are text as the engine prints it; an absent cell is empty. */
export interface ExampleColumn {
  readonly name: string;
  /** What the file says, or in CSV what its text looks like. */
  readonly type: 'number' | 'boolean' | 'json' | 'text';
  readonly cells: readonly string[];
}

/** One line for each example: `{"id":"a7","age":31,"city":null}`. */
export function* writeExamples(ids: readonly string[], columns: readonly ExampleColumn[]): Generator<string> {
  const names = columns.map(({ name }) => JSON.stringify(name));
  for (const [row, id] of ids.entries()) {
    const cells = columns.map(({ type, cells }, at) => `,${names[at]}:${writeCell(cells[row] ?? '', type)}`);
    yield `{"id":${JSON.stringify(id)}${cells.join('')}}`;
  }
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;

function writeCell(cell: string, type: ExampleColumn['type']): string {
  if (cell === '') return 'null';
  switch (type) {
    case 'number':
      return writeNumber(cell);
    case 'boolean':
      return /^(?:true|false)$/iu.test(cell) ? cell.toLowerCase() : JSON.stringify(cell);
    case 'json':
      return isJson(cell) ? cell : JSON.stringify(cell);
    case 'text':
      return JSON.stringify(cell);
  }
}

/** Digits are kept as they are: a whole number beyond 2^53 is read in full by a program that can. */
function writeNumber(cell: string): string {
  if (JSON_NUMBER.test(cell)) return cell;
  if (/^[+-]?nan$/iu.test(cell)) return 'null';
  const infinite = /^([+-]?)inf(?:inity)?$/iu.exec(cell);
  // JSON has no infinity, but readers make one of a number that is too large for a double.
  if (infinite !== null) return infinite[1] === '-' ? '-1e999' : '1e999';
  const value = Number(cell);
  return Number.isFinite(value) ? String(value) : JSON.stringify(cell);
}

function isJson(cell: string): boolean {
  try {
    JSON.parse(cell);
    return !cell.includes('\n');
  } catch {
    return false;
  }
}
