/** Runs the model on a sample of the test set and holds its answers against the predictions file. */
import { boundSentence, boundText } from '../evidence/bound-text.ts';
import { sha256 } from '../evidence/digest.ts';
import { UserError } from '../evidence/errors.ts';
import { recomputedCheckId } from '../evidence/recomputed.ts';
import {
  countParts,
  formsOf,
  readParts,
  type AnswerForm,
  type AnswerParts,
} from '../model/recompute/answer-form.ts';
import { chooseSample } from '../model/recompute/choose-sample.ts';
import { compareAnswers, type Agreement } from '../model/recompute/compare-answers.ts';
import { readAnswers, type ReadAnswers } from '../model/recompute/read-answers.ts';
import { readTensors } from '../model/recompute/read-tensors.ts';
import { writeExamples, type ExampleColumn } from '../model/recompute/write-examples.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { textAt } from '../outcomes/packed-texts.ts';
import type { RecomputeConfig } from '../schemas/config.generated.ts';
import type { Check, CheckExample, ConfigSource, Input, Recomputed } from '../schemas/evidence.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects, FileIdentity } from './chain.ts';
import { readFeatures } from './read-features.ts';

export interface RecomputeRequest {
  readonly model: string;
  /** Paths as the config spells them. */
  readonly artifact: string;
  readonly predictions: string;
  readonly recompute: RecomputeConfig;
  /** Column with the id in the predictions. */
  readonly id: string | readonly string[];
  /** Whether predicted labels are read from the file, and not derived from scores. */
  readonly ownLabels: boolean;
  /** Undefined where the predictions could not be loaded. */
  readonly loaded: LoadedSample | undefined;
  readonly seed: number;
  /** Whether messages and examples may name ids. */
  readonly showIds: boolean;
  readonly configSource: ConfigSource;
}

interface LoadedSample {
  readonly outcomes: Outcomes;
  /** Row of the file of each example in the canonical order. */
  readonly order: Uint32Array;
}

export interface RecomputedSubject {
  readonly check: Check;
  readonly inputs: readonly Input[];
  /** Absent where nothing could be compared. */
  readonly recomputed?: Recomputed;
  /** Whether every answer agreed, on bytes that did not change. */
  readonly agrees: boolean;
}

/** Why there is nothing to compare. */
interface Failure {
  readonly reason: NonNullable<Check['reason']>;
  readonly message: string;
}

interface Ran {
  readonly answers: ReadAnswers;
  /** What ran the model. */
  readonly runtime: string;
  /** SHA-256 of the bytes that the runtime says it ran, where it does. */
  readonly sha256?: string;
}

/**
 * A check that fails unless the model at hand gives the answers of the predictions file. Whatever is in the way is a
 * failed check too, or is thrown: a UserError where config, features and model do not fit, a WorldError where the
 * machine cannot run the model.
 */
export async function recomputeSubject(
  request: RecomputeRequest,
  identity: FileIdentity,
  effects: ChainEffects,
): Promise<RecomputedSubject> {
  const { model, artifact, predictions, loaded } = request;
  if (loaded === undefined) {
    const message = `The predictions could not be read, so the model was not run.`;
    const check: Check = {
      ...baseOf(request),
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
      message,
    };
    return { check, inputs: [], agrees: false };
  }
  beginStep(effects, `models/${model}/recompute`);
  const forms = needForms(request, loaded.outcomes);
  const sample = drawSample(request, loaded.outcomes, identity);
  refuseTooMany(request, sample.ids.length * countParts(forms));
  const features = await readFeatures(
    { ...request, id: request.recompute.id ?? request.id, ids: sample.ids },
    effects,
  );
  const inputs = [features.input];
  if (features.kind === 'fault') return refuse(request, inputs, features);
  const ran = await runModel(request, { forms, ids: sample.ids, columns: features.columns }, effects);
  const after = await effects.identifyFile(artifact);
  if (after.sha256 !== identity.sha256 || (ran.sha256 ?? after.sha256) !== identity.sha256) {
    const message = `\`${artifact}\` changed while it was run: it was ${identity.sha256.slice(0, 12)} before and ${after.sha256.slice(0, 12)} after. Let nothing write it beside the gate.`;
    return refuse(request, inputs, { reason: 'foreign-failure', message });
  }
  const { answers, runtime } = ran;
  if (answers.kind === 'fault') {
    const message = `The predictions of \`${predictions}\` could not be recomputed with \`${artifact}\`. ${answers.message}`;
    return refuse(request, inputs, { ...answers, message });
  }
  const agreement = compareAnswers(
    Array.from(sample.rows, (row) => readParts(loaded.outcomes, forms, row)),
    sample.ids.map((id): AnswerParts | undefined => answers.byId.get(id)),
    request.recompute.tolerance,
  );
  const check = judgeAgreement(request, { agreement, sample, loaded, runtime });
  const recomputed = describeAgreement(agreement, request.recompute.tolerance, runtime);
  return { check, inputs, recomputed, agrees: check.verdict === 'pass' };
}

function baseOf({ model, configSource }: RecomputeRequest) {
  return {
    id: recomputedCheckId(model),
    name: 'recomputed',
    about: { model },
    severity: 'fail',
    source: configSource,
  } as const;
}

function refuse(
  request: RecomputeRequest,
  inputs: readonly Input[],
  { reason, message }: Failure,
): RecomputedSubject {
  const check: Check = {
    ...baseOf(request),
    verdict: 'fail',
    reason,
    message: boundSentence(message),
  };
  return { check, inputs, agrees: false };
}

function needForms({ model, ownLabels }: RecomputeRequest, outcomes: Outcomes): readonly AnswerForm[] {
  const forms = formsOf(outcomes, ownLabels);
  if (forms.length > 0) return forms;
  throw new UserError(`\`models.${model}.recompute\` cannot be used with the task ${outcomes.task}.`, {
    help: 'Remove it, and let the training run declare the digest of the model beside the predictions.',
  });
}

/** Answers that are held at a time, each of a few dozen bytes. */
const MAX_ANSWERS = 5_000_000;

function refuseTooMany({ model, recompute }: RecomputeRequest, answers: number): void {
  if (answers <= MAX_ANSWERS) return;
  throw new UserError(
    `\`models.${model}.recompute.rows\` is ${recompute.rows}, which makes ${answers.toLocaleString('en-US')} numbers to compare; it must be at most ${MAX_ANSWERS.toLocaleString('en-US')}.`,
    { help: 'Lower it: a few hundred rows tell models apart.' },
  );
}

interface Sample {
  /** Positions in the canonical order. */
  readonly rows: Uint32Array;
  readonly ids: readonly string[];
}

/**
 * The sample follows from the seed, the model and the test set: who changes the model draws another, and the same
 * files give the same.
 */
function drawSample(
  { recompute, seed }: RecomputeRequest,
  { ids, n, testSetDigest }: Outcomes,
  identity: FileIdentity,
): Sample {
  if (ids === undefined) throw new TypeError('Stored outcomes have no ids.');
  const digest = sha256(`${seed}\n${identity.sha256}\n${testSetDigest}`);
  const rows = chooseSample(n, recompute.rows, Number.parseInt(digest.slice(0, 12), 16));
  return { rows, ids: Array.from(rows, (row) => textAt(ids, row)) };
}

interface Asked {
  readonly forms: readonly AnswerForm[];
  readonly ids: readonly string[];
  readonly columns: readonly ExampleColumn[];
}

async function runModel(request: RecomputeRequest, asked: Asked, effects: ChainEffects): Promise<Ran> {
  const { runtimes, signal } = effects;
  if (runtimes === undefined) throw new Error('a model was to be run where no runtime is connected');
  const { recompute, showIds } = request;
  const artifact = await effects.resolvePath(request.artifact);
  const limits = { timeoutSeconds: recompute['timeout-seconds'], signal };
  if (recompute.command !== undefined) {
    const outcome = await runtimes.runCommand({
      ...limits,
      command: recompute.command.map((word) => word.replaceAll('{artifact}', () => artifact)),
      directory: await effects.resolvePath('.'),
      lines: writeExamples(asked.ids, asked.columns),
    });
    const runtime = boundText(recompute.command.join(' '));
    const answers: ReadAnswers =
      outcome.kind === 'failed'
        ? { kind: 'fault', reason: 'foreign-failure', message: outcome.message }
        : readAnswers(outcome.output, asked.forms, asked.ids, showIds);
    return { answers, runtime };
  }
  const outcome = await runtimes.runOnnx({
    ...limits,
    artifact,
    rows: asked.ids.length,
    columns: asked.columns.map(({ name, cells }) => ({ name, cells })),
    inputs: recompute.inputs ?? {},
  });
  if (outcome.kind === 'failed') {
    const { message } = outcome;
    return { answers: { kind: 'fault', reason: 'foreign-failure', message }, runtime: 'onnxruntime' };
  }
  return {
    answers: readTensors({ ...asked, ...outcome, tensors: outcome.outputs, output: recompute.output }),
    runtime: `onnxruntime ${outcome.version}`,
    sha256: outcome.sha256,
  };
}

/** A difference differs between machines in its digits, so that only its size is kept: two, rounded up. */
function roundUp(difference: number): number {
  if (difference === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(difference)) - 1);
  return Number((Math.ceil(difference / unit) * unit).toPrecision(2));
}

function describeAgreement(
  { rows, agreeing, largestDifference }: Agreement,
  tolerance: number,
  runtime: string,
): Recomputed {
  const seen = largestDifference !== undefined && Number.isFinite(largestDifference);
  return {
    rows,
    agreeing,
    tolerance,
    ...(seen ? { largestDifference: roundUp(largestDifference) } : {}),
    runtime,
  };
}

interface Judged {
  readonly agreement: Agreement;
  readonly sample: Sample;
  readonly loaded: LoadedSample;
  readonly runtime: string;
}

const MAX_EXAMPLES = 10;

function judgeAgreement(request: RecomputeRequest, judged: Judged): Check {
  const { agreement, sample, loaded, runtime } = judged;
  const { artifact, predictions, recompute, showIds } = request;
  const { rows, agreeing, disagreements } = agreement;
  const base = { ...baseOf(request), observed: agreeing, expected: rows, rows };
  const [run, all] = [rows, loaded.outcomes.n].map((count) => count.toLocaleString('en-US'));
  const of = run === all ? `all ${all}` : `${run} of ${all}`;
  if (agreeing === rows) {
    const message = `\`${runtime}\` ran \`${artifact}\` on ${of} examples, and its answers are those of \`${predictions}\` within ${recompute.tolerance}.`;
    return { ...base, verdict: 'pass', message: boundSentence(message) };
  }
  const [first] = disagreements;
  const id = first === undefined || !showIds ? '' : ` (${JSON.stringify(sample.ids[first.at])})`;
  const example =
    first === undefined
      ? ''
      : ` For example${id}, \`${first.part}\` is ${first.file} in the file, and the model says ${first.model}.`;
  const message = `\`${artifact}\` answers differently for ${(rows - agreeing).toLocaleString('en-US')} of the ${run} examples that it was run on.${example} A different model made \`${predictions}\`, or \`${recompute.features}\` are not the inputs that it was given.`;
  return {
    ...base,
    verdict: 'fail',
    reason: 'recomputed-differently',
    violations: rows - agreeing,
    examples: disagreements.slice(0, MAX_EXAMPLES).map(({ at, part, file, model }): CheckExample => {
      const row = (loaded.order[sample.rows[at] ?? 0] ?? 0) + 1;
      const named = showIds ? `${sample.ids[at] ?? ''}: ` : '';
      return { row, column: boundText(part), value: boundText(`${named}file ${file}, model ${model}`) };
    }),
    message: boundSentence(message),
  };
}
