import { dirname, join, relative, resolve } from 'node:path';
import { recordAcceptances } from '../../baseline/acceptances.ts';
import { ARTIFACT_EVIDENCE } from '../../baseline/layout.ts';
import { makeAcceptance } from '../../chain/make-acceptance.ts';
import { readEvidenceFile } from '../../chain/evidence-files.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { RETRY_TIMING } from '../../platform/retry-timing.ts';
import { openBaselineSession } from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import { ACTOR_OPTION, findActor } from '../find-actor.ts';
import { RESULTS_FOLDER } from '../session.ts';

export const baselineAcceptCommand: Command = {
  name: 'baseline accept',
  summary: 'Accept a known regression once, with a reason.',
  details: [
    'Appends who, when, why and what to the branch `baseline.branch`: whoever can push there can accept. It counts for this pull request, or without one for this very commit, until it expires and while the regression is no worse. On GitHub, a comment `/mlgate accept CHECK: REASON` does the same.',
  ],
  positionals: [
    {
      name: 'CHECK',
      description: 'Id of the failed check, or its metric where that is clear, such as `roc_auc`.',
      required: true,
    },
  ],
  options: {
    reason: {
      type: 'string',
      required: true,
      placeholder: 'TEXT',
      description: 'Why: an auditor reads it in a year.',
    },
    evidence: {
      type: 'string',
      placeholder: 'FILE',
      description: `The evidence that shows the regression. Default: ${RESULTS_FOLDER}/${ARTIFACT_EVIDENCE} beside the config.`,
    },
    'pull-request': {
      type: 'string',
      placeholder: 'NUMBER',
      description: 'Pull request for which it counts. Default: only the commit that was tested.',
    },
    actor: ACTOR_OPTION,
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    'mlgate baseline accept roc_auc --reason "The old model used a leaked column"',
    'mlgate baseline accept model/churn/roc_auc/max-regression --reason "…" --pull-request 42',
  ],
  run: async (arguments_, context) => {
    const { workspace, parsed, clone } = await openBaselineSession(arguments_, context);
    const usual = join(dirname(workspace.configPath), RESULTS_FOLDER, ARTIFACT_EVIDENCE);
    const path = resolve(context.cwd, arguments_.text('evidence') ?? usual);
    const evidence = await readEvidenceFile(path, relative(context.cwd, path));
    const acceptance = makeAcceptance(evidence, {
      name: arguments_.positionals[0] ?? '',
      reason: arguments_.text('reason') ?? '',
      actor: findActor(arguments_, context),
      now: context.now(),
      days: parsed.config.baseline['accept-days'],
      pullRequest: readPullRequest(arguments_.text('pull-request')),
    });
    const { branch } = parsed.config.baseline;
    await recordAcceptances(clone.store, { branch, acceptances: [acceptance] }, RETRY_TIMING);
    const where =
      acceptance.pullRequest === undefined ? 'this commit' : `pull request ${acceptance.pullRequest}`;
    context.print(
      arguments_.flag('json')
        ? `${JSON.stringify(acceptance)}\n`
        : `Accepted ${acceptance.check} for ${where} until ${acceptance.expires.slice(0, 10)}, on the branch ${branch}.\n`,
    );
    return EXIT_CODES.pass;
  },
};

function readPullRequest(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new UserError(`\`--pull-request ${text}\` is not a number of a pull request.`, {
    help: 'Give the number alone, such as `--pull-request 42`.',
  });
}
