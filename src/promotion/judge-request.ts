import { findNearest } from '../evidence/find-nearest.ts';
import type { Config } from '../schemas/config.generated.ts';
import { findingIf, type Finding } from './finding.ts';
import { shorten } from './ledger.ts';
import { isGtoName, isSemanticVersion } from './gto-tags.ts';

/** What somebody asks for. */
export interface PromotionRequest {
  readonly model: string;
  /** Semantic version to register or assign. */
  readonly version: string;
  readonly stage: string;
  /** Why, in one line. */
  readonly reason: string;
  /** Login of who asks. */
  readonly actor: string;
  /** URL of the run that promotes. */
  readonly run?: string;
}

/** The commit whose config and artifact are used. */
export interface Checkout {
  readonly commit: string;
  /** Whether main holds this commit: its tip or an ancestor of it. */
  readonly onMain: boolean;
}

/** What is wrong with the request itself, all at once. `subject`: digest of the artifact; undefined if none is named. */
export function judgeRequest(
  request: PromotionRequest,
  config: Config,
  subject: string | undefined,
  checkout: Checkout | undefined,
): readonly Finding[] {
  return [
    ...judgeModel(request.model, config, subject),
    ...judgeStage(request.stage, config),
    ...findingIf(
      !isSemanticVersion(request.version),
      'version-invalid',
      `\`${request.version}\` is no semantic version.`,
      'Write three numbers such as `1.4.0`, without a `v`; `1.4.0-rc.1` is allowed.',
    ),
    ...findingIf(
      request.version.length > MAX_VERSION_LENGTH,
      'version-invalid',
      `The version has more than ${MAX_VERSION_LENGTH} characters.`,
      'Write a shorter one, such as `1.4.0`.',
    ),
    ...judgeReason(request.reason),
    ...findingIf(
      checkout?.onMain === false,
      'not-on-main',
      `Commit ${shorten(checkout?.commit ?? '')}, which is checked out, is not on main: its config, which decides what a promotion asks for, has not been merged.`,
      'Start the promotion from main; for a rollback, from the tag of the earlier version.',
    ),
    ...findingIf(
      request.actor === '' || request.actor.length > MAX_ACTOR_LENGTH || SPLITS_LINES.test(request.actor),
      'actor-invalid',
      'It is not clear who asks.',
      `Give a login: one line of at most ${MAX_ACTOR_LENGTH} characters.`,
    ),
  ];
}

/** Bounds of the ledger's schema, in characters. */
const MAX_VERSION_LENGTH = 100;
const MAX_REASON_LENGTH = 1000;
const MAX_ACTOR_LENGTH = 100;

/** A tag's message is read line by line, and a lone surrogate has no canonical JSON. */
const SPLITS_LINES = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

function judgeModel(model: string, config: Config, subject: string | undefined): readonly Finding[] {
  const models = config.models ?? {};
  const known = Object.hasOwn(models, model) ? models[model] : undefined;
  if (known === undefined) {
    const names = Object.keys(models);
    const nearest = findNearest(model, names);
    const help = names.length === 0 ? 'Describe it under `models`.' : `Known: ${listNames(names)}.`;
    const message = `The config has no model \`${model}\`.`;
    return [
      {
        code: 'model-unknown',
        message,
        help: nearest === undefined ? help : `Did you mean \`${nearest}\`? ${help}`,
      },
    ];
  }
  return [
    ...findingIf(
      !isGtoName(model),
      'model-name',
      `\`${model}\` cannot stand in a tag: the registry's grammar (GTO) takes letters, digits, \`-\`, \`_\` and \`/\`, and ends with a letter or digit; a \`.\` is not allowed.`,
      `Rename the model in the config, for example to \`${suggestName(model)}\`.`,
    ),
    ...findingIf(
      known.artifact === undefined || subject === undefined,
      'artifact-missing',
      `The config does not say which file a promotion of \`${model}\` ships.`,
      `Name it: \`models.${model}.artifact\`.`,
    ),
  ];
}

function suggestName(model: string): string {
  return model.replaceAll('.', '-').replace(/[-_]+$/u, '');
}

function listNames(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function judgeStage(stage: string, config: Config): readonly Finding[] {
  const { stages } = config.promotion;
  const nearest = findNearest(stage, stages);
  const hint = nearest === undefined ? '' : `Did you mean \`${nearest}\`? `;
  return [
    ...findingIf(
      !stages.includes(stage),
      'stage-unknown',
      `\`${stage}\` is no stage of this repository.`,
      `${hint}Known: ${listNames(stages)}; \`promotion.stages\` lists them.`,
    ),
    ...findingIf(
      stages.includes(stage) && !isGtoName(stage),
      'stage-name',
      `\`${stage}\` cannot stand in a tag: the registry's grammar (GTO) wants a letter or digit at the end.`,
      'Rename the stage in `promotion.stages`.',
    ),
  ];
}

function judgeReason(reason: string): readonly Finding[] {
  return [
    ...findingIf(
      reason.trim() === '',
      'reason-missing',
      'No reason is given.',
      'Say in a sentence why this goes out: it stands in the ledger.',
    ),
    ...findingIf(
      SPLITS_LINES.test(reason),
      'reason-invalid',
      'The reason holds a line break or another control character.',
      'Write it as one line of plain text.',
    ),
    ...findingIf(
      Array.from(reason).length > MAX_REASON_LENGTH,
      'reason-invalid',
      `The reason has more than ${MAX_REASON_LENGTH} characters.`,
      'Write a sentence, and link to the rest.',
    ),
  ];
}
