import type { StoredOutcomes } from '../chain/chain.ts';
import type { ActionContext } from './action.ts';
import type { Judged } from './judge-by-base.ts';
import { publishReport } from './publish-report.ts';
import { readAuthor, type CommentPlace } from './write-comment.ts';

/** What the inputs of `report` and of the root action say of publishing. */
export interface PublishInputs {
  readonly artifact: string | undefined;
  /** Undefined: no comment is asked for. */
  readonly author: CommentPlace['author'] | undefined;
}

/** Reads them before anything is done, so that a wrong one costs nothing. */
export function readPublishInputs(context: ActionContext): PublishInputs {
  const { inputs } = context;
  return {
    artifact: inputs.optional('artifact'),
    author: inputs.boolean('comment', true) ? readAuthor(context) : undefined,
  };
}

/** Publishes what this run itself found. */
export async function publishOwnReport(
  context: ActionContext,
  { artifact, author }: PublishInputs,
  own: {
    readonly judged: Judged;
    readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
    /** The config's path from the repository's root. */
    readonly config: string;
  },
): Promise<number> {
  const number = findCommentable(context, author !== undefined);
  return await publishReport(context, {
    judged: own.judged,
    trust: 'own',
    runUrl: context.run.runUrl,
    outcomes: handsOnOutcomes(context, own.judged) ? own.outcomes : new Map(),
    artifact,
    comment:
      number === undefined || author === undefined ? undefined : { number, author, config: own.config },
  });
}

/** The pull request that this run's token may comment on. */
function findCommentable({ run, logger }: ActionContext, wanted: boolean): number | undefined {
  const { pullRequest } = run;
  if (pullRequest === undefined || !wanted) return undefined;
  // GitHub gives Dependabot's runs the token that it gives to forks.
  if (!pullRequest.fromFork && run.actor !== 'dependabot[bot]') return pullRequest.number;
  logger.info(
    'The token of this run cannot write comments: the report is in the summary; comment.yml publishes it from the artifact.',
  );
  return undefined;
}

/** Only a run that may become a baseline hands on what each example came to, and only if the config keeps it. */
function handsOnOutcomes({ run }: ActionContext, { parsed }: Judged): boolean {
  const unmerged = run.pullRequest !== undefined || run.mergeGroup !== undefined;
  return !unmerged && parsed.config.baseline.outcomes !== 'none';
}
