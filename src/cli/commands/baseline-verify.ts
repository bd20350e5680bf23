import { branchRef, RUNS_FOLDER } from '../../baseline/layout.ts';
import { verifyEntries, type BranchFinding } from '../../baseline/verify-branch.ts';
import { maxOutcomesBytes } from '../../chain/local-baseline.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import { listChangedFiles } from '../../platform/git-ref-store.ts';
import { LAST_OPTION, listEntries, openBaselineSession, parseLast } from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import { countOf } from '../count-of.ts';

const DEFAULT_LAST = 100;

export const baselineVerifyCommand: Command = {
  name: 'baseline verify',
  summary:
    'Check the newest records on the baseline branch: schema, digests, index, outcomes, clocks, history.',
  details: [
    'Exit code 1 if anything on the branch is not as mlgate wrote it. Whether the runs that the evidence names made it is checked by a promotion, which can ask GitHub.',
  ],
  positionals: [],
  options: {
    last: { ...LAST_OPTION, default: String(DEFAULT_LAST) },
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: ['mlgate baseline verify', 'mlgate baseline verify --last 1000 --json'],
  run: async (arguments_, context) => {
    const session = await openBaselineSession(arguments_, context);
    const { baseline } = session.parsed.config;
    const { store, git } = session.clone;
    const tip = await store.resolve(branchRef(baseline.branch));
    const entries = tip === undefined ? [] : await listEntries(session, parseLast(arguments_, DEFAULT_LAST));
    const findings =
      tip === undefined
        ? []
        : [
            ...(await verifyEntries(store, {
              tip,
              entries,
              now: context.now(),
              maxOutcomesBytes: maxOutcomesBytes(baseline),
            })),
            ...(await listChangedFiles(git, tip, RUNS_FOLDER)).map(describeChange),
          ];
    context.print(
      arguments_.flag('json')
        ? `${JSON.stringify({ records: entries.length, findings })}\n`
        : describe(entries.length, findings),
    );
    return findings.length === 0 ? EXIT_CODES.pass : EXIT_CODES.gateSaysNo;
  },
};

function describeChange(path: string): BranchFinding {
  const commit = path.slice(RUNS_FOLDER.length + 1).replace(/\.json$/u, '');
  return {
    commit,
    message: `\`${path}\` was changed or deleted after it was recorded: see \`git log\` of the branch.`,
  };
}

function describe(count: number, findings: readonly BranchFinding[]): string {
  const checked = `${countOf(count, 'record')} checked, ${countOf(findings.length, 'finding')}.\n`;
  return `${findings.map(({ commit, message }) => `${commit.slice(0, 12)}  ${message}\n`).join('')}${checked}`;
}
