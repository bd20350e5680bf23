import type { RecordedEntry } from '../../baseline/baseline-log.ts';
import { branchRef, OUTCOMES_REFS, RUNS_FOLDER } from '../../baseline/layout.ts';
import { readOutcomesRecord, type OutcomesEntry } from '../../baseline/outcomes-record.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import {
  LAST_OPTION,
  listEntries,
  openBaselineSession,
  parseLast,
  type BaselineSession,
} from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import { countOf } from '../count-of.ts';

const DEFAULT_LAST = 20;

export const baselineLogCommand: Command = {
  name: 'baseline log',
  summary: 'List the recorded baselines of main, newest first, and what of their outcomes is still kept.',
  positionals: [],
  options: {
    last: { ...LAST_OPTION, default: String(DEFAULT_LAST) },
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: ['mlgate baseline log', 'mlgate baseline log --last 100 --json'],
  run: async (arguments_, context) => {
    const session = await openBaselineSession(arguments_, context);
    const rows = await describeRows(session, await listEntries(session, parseLast(arguments_, DEFAULT_LAST)));
    if (arguments_.flag('json')) context.print(`${JSON.stringify(rows)}\n`);
    else context.print(`${printRows(rows)}${await describeBranch(session)}`);
    return EXIT_CODES.pass;
  },
};

type Row =
  | { readonly commit: string; readonly refused: string }
  | {
      readonly commit: string;
      readonly evidence: string;
      readonly createdAt: string;
      readonly verdict: string;
      readonly outcomes: readonly (OutcomesEntry & { readonly there: boolean })[];
    };

async function describeRows(
  { parsed, clone }: BaselineSession,
  entries: readonly RecordedEntry[],
): Promise<readonly Row[]> {
  const { store } = clone;
  const tip = await store.resolve(branchRef(parsed.config.baseline.branch));
  if (tip === undefined) return [];
  const refs = new Set((await store.listRefs(OUTCOMES_REFS)).map(({ ref }) => ref));
  const rows: Row[] = [];
  for (const { commit, candidate } of entries) {
    if (candidate.kind === 'refused') {
      rows.push({ commit, refused: candidate.reason });
      continue;
    }
    const { digest, createdAt, body } = candidate.evidence;
    const outcomes = (await readOutcomesRecord(store, tip, commit)) ?? [];
    rows.push({
      commit,
      evidence: digest,
      createdAt,
      verdict: body.verdict,
      outcomes: outcomes.map((entry) => ({ ...entry, there: entry.kept === 'ref' && refs.has(entry.ref) })),
    });
  }
  return rows;
}

function printRows(rows: readonly Row[]): string {
  if (rows.length === 0)
    return 'No baseline is recorded yet. Record one with `mlgate run && mlgate baseline record` on main.\n';
  return rows.map((row) => `${row.commit.slice(0, 12)}  ${printRow(row)}\n`).join('');
}

function printRow(row: Row): string {
  if ('refused' in row) return `refused: ${row.refused}`;
  const kept = row.outcomes.filter(({ there }) => there);
  const bytes = kept.reduce((sum, entry) => sum + entry.bytes, 0);
  const outcomes =
    row.outcomes.length === 0
      ? ''
      : kept.length === 0
        ? '  outcomes thinned'
        : `  outcomes of ${kept.map(({ model }) => model).join(', ')} (${printBytes(bytes)})`;
  return `${row.createdAt}  ${row.verdict}${outcomes}`;
}

/** How large what is kept is. */
async function describeBranch({ parsed, clone }: BaselineSession): Promise<string> {
  const { branch } = parsed.config.baseline;
  const tip = await clone.store.resolve(branchRef(branch));
  if (tip === undefined) return '';
  const files = await clone.store.listFiles(tip, RUNS_FOLDER);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const refs = await clone.store.listRefs(OUTCOMES_REFS);
  return `${countOf(files.length, 'record')} on the branch ${branch} (${printBytes(bytes)}), ${countOf(refs.length, 'ref')} of outcomes.\n`;
}

function printBytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
