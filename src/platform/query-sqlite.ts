/** Reading somebody else's SQLite file: in a child process without the parent's environment, and read-only. */
import { UserError, WorldError } from '../evidence/errors.ts';
import { runCommand } from './run-command.ts';

export type SqliteRow = Readonly<Record<string, string | number | null>>;

export interface SqliteLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

const DEFAULT_LIMITS: SqliteLimits = { maxRows: 200_000, maxBytes: 50_000_000, timeoutMs: 30_000 };

/** Node has SQLite since this version. */
const FIRST_NODE = '22.13';

/**
 * What the child runs: it gets path, query and limit on its standard input, and prints one row of JSON per line and
 * `end` at last. Numbers that JSON has not are texts; blobs are left out. A damaged file is found by SQLite's own check
 * before anything is read of it, because pages that are not asked for are not looked at.
 */
const CHILD = `
const { path, sql, maxRows } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
let sqlite;
try { sqlite = require('node:sqlite'); } catch { process.exit(4); }
const plain = (value) => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'string' ? value : null;
};
try {
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0');
  const [check] = database.prepare('PRAGMA quick_check(1)').all();
  if (Object.values(check ?? {})[0] !== 'ok') throw new Error(String(Object.values(check ?? {})[0] ?? 'no answer'));
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  let rows = 0;
  let out = '';
  for (const row of statement.iterate()) {
    if (++rows > maxRows) process.exit(5);
    out += JSON.stringify(Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)]))) + '\\n';
    if (out.length > 65536) { require('node:fs').writeSync(1, out); out = ''; }
  }
  require('node:fs').writeSync(1, out + 'end\\n');
} catch (error) {
  process.stderr.write(String(error && error.message));
  process.exit(6);
}
`;

/**
 * Rows of a query of the SQLite file at this path. Throws a UserError for a file that is damaged, is no database, lacks
 * what is asked for or has more rows than the limit; a WorldError where this Node has no SQLite or it takes too long.
 * @param name the file as messages show it
 */
export async function querySqlite(
  path: string,
  name: string,
  sql: string,
  limits: SqliteLimits = DEFAULT_LIMITS,
): Promise<readonly SqliteRow[]> {
  const { code, stdout, stderr } = await runCommand(
    process.execPath,
    ['--no-warnings', '--max-old-space-size=512', '-e', CHILD],
    {
      directory: '/',
      env: {},
      input: JSON.stringify({ path, sql, maxRows: limits.maxRows }),
      maxOutputBytes: limits.maxBytes,
      timeoutMs: limits.timeoutMs,
      installHelp: 'Check the installation of Node.js.',
    },
  );
  const lines = stdout.toString('utf8').split('\n');
  if (code === 0 && lines.at(-2) === 'end') {
    return lines.slice(0, -2).map((line) => JSON.parse(line) as SqliteRow);
  }
  throw explainChild(code, name, stderr, limits);
}

function explainChild(code: number, name: string, stderr: string, { maxRows }: SqliteLimits): Error {
  if (code === 4) {
    return new WorldError(
      `${name} is an SQLite file, and this Node ${process.versions.node} cannot read one.`,
      {
        help: `Run mlgate as a GitHub Action, which brings its own Node, or with Node ${FIRST_NODE} or newer.`,
      },
    );
  }
  if (code === 5) {
    return new UserError(`${name} has more than ${maxRows} rows of what is asked for.`, {
      help: 'Copy the run that counts into a file of its own.',
    });
  }
  if (code === 6) {
    return new UserError(`${name} cannot be read as an SQLite file: ${stderr.trim().slice(0, 300)}.`, {
      help: 'Check that the file was copied whole, with its `-wal` file beside it if there is one, and when nothing wrote to it.',
    });
  }
  return new WorldError(`The process that read ${name} ended with code ${code}.`, {
    help: 'The machine may be short of memory. Copy the run that counts into a file of its own.',
  });
}
