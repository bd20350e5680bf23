import { listRecordedEntries, type RecordedEntry } from '../../baseline/baseline-log.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import { findMainRef, resolveCommit } from '../../platform/git.ts';
import { MAX_FIRST_PARENTS, openGitHistory } from '../../platform/history.ts';
import { openBaselineSession } from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';

/** Entries that are shown. */
const MAX_ENTRIES = 20;

export const baselineLogCommand: Command = {
  name: 'baseline log',
  summary: 'List the recorded baselines of main, newest first.',
  positionals: [],
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  examples: ['mlgate baseline log'],
  run: async (arguments_, context) => {
    const { parsed, clone } = await openBaselineSession(arguments_, context);
    const { baseline } = parsed.config;
    const { git, remote, store } = clone;
    const wanted = {
      ...(baseline.main === undefined ? {} : { main: baseline.main }),
      ...(remote === undefined ? {} : { remote }),
    };
    const mainTip = await resolveCommit(git, (await findMainRef(git, wanted)) ?? 'HEAD');
    const search = {
      branch: baseline.branch,
      history: openGitHistory(git),
      mainTip: mainTip ?? clone.head,
      expected: baseline.main === undefined ? {} : { main: baseline.main },
      limit: MAX_ENTRIES,
      depth: MAX_FIRST_PARENTS,
    };
    const entries = await listRecordedEntries(store, search);
    context.print(
      arguments_.flag('json') ? `${JSON.stringify(entries.map(toRecord))}\n` : describeEntries(entries),
    );
    return EXIT_CODES.pass;
  },
};

function toRecord({ commit, candidate }: RecordedEntry): object {
  if (candidate.kind === 'refused') return { commit, refused: candidate.reason };
  const { digest, createdAt, body } = candidate.evidence;
  return { commit, evidence: digest, createdAt, verdict: body.verdict };
}

function describeEntries(entries: readonly RecordedEntry[]): string {
  if (entries.length === 0)
    return 'No baseline is recorded yet. Record one with `mlgate run && mlgate baseline record` on main.\n';
  const lines = entries.map(({ commit, candidate }) => {
    if (candidate.kind === 'refused') return `${commit.slice(0, 12)}  refused: ${candidate.reason}`;
    const { createdAt, body } = candidate.evidence;
    return `${commit.slice(0, 12)}  ${createdAt}  ${body.verdict}`;
  });
  return `${lines.join('\n')}\n`;
}
