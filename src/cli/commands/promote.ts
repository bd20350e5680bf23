import { dirname } from 'node:path';
import { connectFiles, openWorkspace, readConfig } from '../../chain/connect.ts';
import { openClone, type Clone } from '../../chain/local-baseline.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { findEvidenceOf } from '../../promotion/find-evidence.ts';
import { promote, type PromotionEffects } from '../../promotion/promote.ts';
import { renderPromotionTerminal } from '../../report/promotion.ts';
import type { Config } from '../../schemas/config.generated.ts';
import { RETRY_TIMING } from '../../platform/retry-timing.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { ACTOR_OPTION, findActor } from '../find-actor.ts';

export const promoteCommand: Command = {
  name: 'promote',
  summary: 'Promote a model to a stage - only bytes that were tested - or refuse and say why.',
  details: [
    "Finds the evidence for the SHA-256 of the model's artifact on the baseline branch, then writes a ledger entry and tags, on the remote `origin` if there is one. Outside GitHub Actions the run that made the evidence is not asked: --trust-branch says that you trust whoever can write to that branch.",
  ],
  positionals: [{ name: 'MODEL', description: 'Name of the model in the config.', required: true }],
  options: {
    version: {
      type: 'string',
      placeholder: 'VERSION',
      description: 'Semantic version to register or assign.',
      required: true,
    },
    stage: {
      type: 'string',
      placeholder: 'STAGE',
      description: 'Stage to promote to, one of `promotion.stages`.',
      required: true,
    },
    reason: {
      type: 'string',
      placeholder: 'TEXT',
      description: 'Why, in a sentence; it stands in the ledger.',
      required: true,
    },
    actor: ACTOR_OPTION,
    'trust-branch': {
      type: 'boolean',
      description: 'Take evidence from the baseline branch as it is, without asking GitHub about its run.',
    },
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    'mlgate promote churn --version 1.4.0 --stage production --reason "Weekly release." --trust-branch',
  ],
  run: async (arguments_, context) => {
    const workspace = openWorkspace(arguments_.text('config') ?? 'mlgate.yml', context.cwd);
    const parsed = await readConfig(workspace);
    const model = arguments_.positionals[0] ?? '';
    const artifact = parsed.config.models?.[model]?.artifact;
    const subject =
      artifact === undefined ? undefined : (await connectFiles(workspace).identifyFile(artifact)).sha256;
    const clone = await openClone(dirname(workspace.configPath), context.environment);
    if (clone === undefined)
      throw new UserError('This folder is in no git repository with a commit.', {
        help: 'Promotions are tags of a repository.',
      });
    const result = await promote(
      {
        model,
        version: arguments_.text('version') ?? '',
        stage: arguments_.text('stage') ?? '',
        reason: arguments_.text('reason') ?? '',
        actor: findActor(arguments_, context),
      },
      { config: parsed.config, configDigest: parsed.digest, subject, toolVersion: context.version },
      connectPromotion(clone, parsed.config, arguments_.flag('trust-branch'), context),
    );
    context.print(
      arguments_.flag('json')
        ? `${JSON.stringify(result)}\n`
        : renderPromotionTerminal(result, { color: context.color, width: context.width }),
    );
    return result.decision === 'refused' ? EXIT_CODES.gateSaysNo : EXIT_CODES.pass;
  },
};

function connectPromotion(
  { store }: Clone,
  config: Config,
  trustBranch: boolean,
  context: CliContext,
): PromotionEffects {
  const { branch, main } = config.baseline;
  return {
    store,
    findEvidence: async (model, subject) =>
      await findEvidenceOf({ store, branch, expected: main === undefined ? {} : { main } }, model, subject),
    verify: async () =>
      await Promise.resolve(
        trustBranch
          ? { kind: 'not-asked' as const }
          : {
              kind: 'refused' as const,
              reasons: [
                'Outside GitHub Actions nobody has looked at the run that made it. Promote by the workflow `promote.yml`, or trust the branch with `--trust-branch`.',
              ],
            },
      ),
    now: context.now,
    timing: RETRY_TIMING,
    inform: (message) => context.remark(`${message}\n`),
  };
}
