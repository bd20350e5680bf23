import { tmpdir } from 'node:os';
import { collectOutcomes, type OutcomesGarbage } from '../../baseline/collect-garbage.ts';
import { branchRef } from '../../baseline/layout.ts';
import { planThinning, type ThinningPlan } from '../../baseline/thin-evidence.ts';
import { EXIT_CODES, UserError, WorldError } from '../../evidence/errors.ts';
import { rewriteBranch } from '../../platform/git-ref-store.ts';
import { openGitHistory } from '../../platform/history.ts';
import { MLGATE_IDENTITY } from '../../platform/ref-store.ts';
import { findMainTip, openBaselineSession, type BaselineSession } from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import { countOf } from '../count-of.ts';

/** Records of main whose evidence a compacted branch keeps. */
const DEFAULT_KEEP = 1000;

export const baselineGcCommand: Command = {
  name: 'baseline gc',
  summary:
    'Delete outcomes beyond the limits of the config, and with --compact old evidence too; digests stay.',
  details: [
    'Every record deletes surplus outcomes by itself, so this is for lowered limits (`baseline.outcomes-kept`). --compact replaces the branch by one commit without history, which takes the right to force-push it. Runs that record at the same moment are not lost.',
  ],
  positionals: [],
  options: {
    compact: {
      type: 'boolean',
      description: 'Also take old evidence off the branch, and the history of the branch itself.',
    },
    keep: {
      type: 'string',
      placeholder: 'COUNT',
      description: `With --compact: how many records of main stay, newest first. Evidence that a promotion could still use stays too. Default: ${DEFAULT_KEEP}.`,
    },
    'dry-run': { type: 'boolean', description: 'Only say what would go.' },
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: ['mlgate baseline gc --dry-run', 'mlgate baseline gc --compact --keep 500'],
  run: async (arguments_, context) => {
    const keep = parseKeep(arguments_);
    const session = await openBaselineSession(arguments_, context);
    const { parsed, clone } = session;
    const dryRun = arguments_.flag('dry-run');
    const limits = { kept: parsed.config.baseline['outcomes-kept'], now: context.now() };
    const outcomes = await collectOutcomes(clone.store, limits, dryRun);
    const thinning = arguments_.flag('compact')
      ? await compact(session, { keep, now: context.now(), dryRun })
      : undefined;
    context.print(
      arguments_.flag('json')
        ? `${JSON.stringify(toDocument(outcomes, thinning, dryRun))}\n`
        : `${describe(outcomes, thinning, dryRun)}\n`,
    );
    return EXIT_CODES.pass;
  },
};

function parseKeep(arguments_: CommandArguments): number {
  const text = arguments_.text('keep');
  if (text === undefined) return DEFAULT_KEEP;
  if (!arguments_.flag('compact')) {
    throw new UserError('--keep says which evidence stays, and only --compact takes evidence away.', {
      help: 'Add --compact, or leave --keep out. How many outcomes stay is `baseline.outcomes-kept` of the config.',
    });
  }
  if (/^[1-9]\d{0,6}$/u.test(text)) return Number(text);
  throw new UserError(`--keep is \`${text}\`, which is no count.`, {
    help: 'Give a whole number of at least 1.',
  });
}

const MS_PER_HOUR = 3_600_000;

async function compact(
  { parsed, clone }: BaselineSession,
  { keep, now, dryRun }: { readonly keep: number; readonly now: Date; readonly dryRun: boolean },
): Promise<ThinningPlan | undefined> {
  const { baseline, promotion } = parsed.config;
  const { git, remote, store } = clone;
  const ref = branchRef(baseline.branch);
  const tip = await store.resolve(ref);
  if (tip === undefined) return undefined;
  const place = { tip, history: openGitHistory(git), mainTip: await findMainTip({ parsed, clone }) };
  const youngerThan = new Date(now.getTime() - promotion['max-age-hours'] * MS_PER_HOUR);
  const plan = await planThinning(store, place, { keep, youngerThan });
  if (dryRun) return plan;
  const { kind } = await rewriteBranch(
    { git, remote, identity: MLGATE_IDENTITY, temporaryFolder: tmpdir() },
    {
      ref,
      expected: tip,
      files: plan.files,
      remove: plan.remove,
      message: 'Compacted by mlgate baseline gc',
    },
  );
  if (kind === 'written') return plan;
  throw new WorldError(`The branch ${baseline.branch} was moved meanwhile; nothing was compacted.`, {
    help: 'Run it again when no job on main records.',
  });
}

function toDocument(outcomes: OutcomesGarbage, thinning: ThinningPlan | undefined, dryRun: boolean): object {
  return {
    dryRun,
    outcomes: { deleted: outcomes.deleted.map(({ ref }) => ref), left: outcomes.left.length },
    ...(thinning === undefined ? {} : { evidence: { removed: thinning.remove, left: thinning.kept } }),
  };
}

function describe(
  { deleted, left }: OutcomesGarbage,
  thinning: ThinningPlan | undefined,
  dryRun: boolean,
): string {
  const [deleting, taking] = dryRun ? ['to be deleted', 'to be taken off'] : ['deleted', 'taken off'];
  const lines = [`Outcomes: ${countOf(deleted.length, 'ref')} ${deleting}, ${left.length} left.`];
  if (thinning !== undefined)
    lines.push(`Evidence: ${countOf(thinning.remove.length, 'record')} ${taking}, ${thinning.kept} left.`);
  return lines.join('\n');
}
