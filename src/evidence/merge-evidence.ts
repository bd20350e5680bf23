import type {
  Check,
  Evidence,
  EvidenceBody,
  Figure,
  Input,
  Metric,
  Subject,
} from '../schemas/evidence.generated.ts';
import { toCanonicalJson } from './canonical-json.ts';
import { UserError } from './errors.ts';
import { makeEvidence } from './evidence.ts';
import { collectNotes } from './notes.ts';
import { keepFilled, type OptionalLists } from './optional-lists.ts';
import { contributionOf, judgeAll, worstOf } from './verdict.ts';

/**
 * One document from what the steps of one job found, such as data, model and comparison. What two of them say of
 * the same thing is kept once: the worse verdict of a check, the metric that was compared.
 * Throws a UserError if they were not made by the same config, program, seed and commit, or read different bytes.
 */
export function mergeEvidence(parts: readonly Evidence[]): Evidence {
  const first = parts[0];
  if (first === undefined)
    throw new UserError('There is no evidence to merge.', { help: 'Run a step that writes evidence first.' });
  for (const part of parts) refuseForeign(first, part);
  const bodies = parts.map((part) => part.body);
  const checks = keepOne(
    bodies.flatMap((body) => body.checks),
    (check) => check.id,
    (a, b) => worseCheck(first.body, a, b),
  );
  const baseline = bodies.find((body) => body.baseline !== undefined)?.baseline;
  const body: EvidenceBody = {
    tool: first.body.tool,
    seed: first.body.seed,
    policy: first.body.policy,
    // A part that had nothing to do says so; one that says so and holds checks is judged like any other.
    verdict:
      checks.length === 0 && bodies.every((body) => body.verdict === 'skipped')
        ? 'skipped'
        : judgeAll(checks, first.body.policy),
    ...(baseline === undefined ? {} : { baseline }),
    subjects: keepOne(
      bodies.flatMap((body) => body.subjects),
      (subject) => subject.name,
      sameSubject,
    ),
    inputs: keepOne(
      bodies.flatMap((body) => body.inputs),
      keyOfInput,
      sameBytes,
    ),
    checks,
    metrics: keepOne(
      bodies.flatMap((body) => body.metrics),
      keyOfMetric,
      comparedOne,
    ),
    figures: keepOne(
      bodies.flatMap((body) => body.figures),
      (figure) => figure.id,
      richerFigure,
    ),
    ...mergeLists(bodies),
  };
  return makeEvidence(body, {
    source: first.source,
    createdAt: new Date(Math.max(...parts.map((part) => Date.parse(part.createdAt)))),
    durationSeconds: parts.reduce((sum, part) => sum + part.durationSeconds, 0),
  });
}

type KeyedLists = Required<Omit<OptionalLists, 'notes'>>;

/** What tells the items of each list apart that a part may leave out. */
const KEYS: { readonly [Name in keyof KeyedLists]: (item: KeyedLists[Name][number]) => unknown } = {
  flips: ({ about }) => about,
  decompositions: ({ about, metric, by }) => [about, metric, by],
  sliceBins: ({ about }) => about,
  weakSlices: ({ about, loss }) => [about, loss],
  fairness: ({ about, column }) => [about, column],
  calibrations: ({ about }) => about,
  generalisations: ({ about, metric, against }) => [about, metric, against],
  labelErrors: ({ about }) => about,
  errors: ({ about }) => about,
  imports: ({ metricsFile, run = '' }) => [metricsFile, run],
  profiles: ({ dataset }) => dataset,
  drifts: ({ dataset, comparator }) => [dataset, comparator],
  dataFindings: ({ dataset, kind, column = '', against = '' }) => [dataset, kind, column, against],
  dataDiffs: ({ dataset }) => dataset,
  schemaChanges: ({ dataset }) => dataset,
  params: ({ kind, name }) => [kind, name],
  changes: ({ kind, name, key }) => [kind, name, key],
  budgets: ({ about }) => about,
  acceptances: ({ check, at }) => [check, at],
  trends: ({ about, metric }) => [about, metric],
};

/** The lists that a part may leave out: of each item the first that has its key. */
function mergeLists(bodies: readonly EvidenceBody[]): OptionalLists {
  const lists = Object.entries(KEYS).map(([name, keyOf]) => {
    const items = bodies.flatMap((body): readonly unknown[] => body[name as keyof KeyedLists] ?? []);
    const key = keyOf as (item: unknown) => unknown;
    return [
      name,
      keepOne(
        items,
        (item) => toCanonicalJson(key(item)),
        (known) => known,
      ),
    ] as const;
  });
  return keepFilled({
    ...(Object.fromEntries(lists) as OptionalLists),
    notes: collectNotes(bodies.flatMap((body) => body.notes ?? [])),
  });
}

function refuseForeign(first: Evidence, other: Evidence): void {
  const help = 'Merge only what the steps of one job wrote.';
  const [config, others] = [first.source.config, other.source.config];
  const isElsewhere = config !== undefined && others !== undefined && config !== others;
  if (isElsewhere || toCanonicalJson(first.body.policy) !== toCanonicalJson(other.body.policy))
    throw new UserError('The evidence was made by different configs.', { help });
  if (first.body.tool.version !== other.body.tool.version)
    throw new UserError('The evidence was made by different versions of mlgate.', { help });
  if (first.body.seed !== other.body.seed)
    throw new UserError('The evidence was made with different seeds.', { help });
  if (first.source.commit !== other.source.commit)
    throw new UserError('The evidence is of different commits.', { help });
}

/** Keeps the first place of each key, and of two items with the same key what `choose` says. */
function keepOne<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  choose: (known: T, next: T) => T,
): readonly T[] {
  const kept = new Map<string, T>();
  for (const item of items) {
    const known = kept.get(keyOf(item));
    kept.set(keyOf(item), known === undefined ? item : choose(known, item));
  }
  return [...kept.values()];
}

function worseCheck(body: EvidenceBody, known: Check, next: Check): Check {
  const [a, b] = [contributionOf(known, body.policy), contributionOf(next, body.policy)];
  return worstOf([a, b]) === a ? known : next;
}

function keyOfInput(input: Input): string {
  // Two data schemas may refer to one file: it is part of both.
  return `${input.role} ${input.role === 'data-schema' ? (input.name ?? '') : ''} ${input.path}`;
}

function sameBytes(known: Input, next: Input): Input {
  refuseChange(known.path, known.sha256, next.sha256);
  return known;
}

function sameSubject(known: Subject, next: Subject): Subject {
  refuseChange(known.path ?? known.name, known.sha256, next.sha256);
  return known;
}

function refuseChange(path: string, known: string, next: string): void {
  if (known === next) return;
  throw new UserError(
    `\`${path}\` changed between the steps: its digest was ${known.slice(0, 12)}, then ${next.slice(0, 12)}.`,
    { help: 'Write it before the first step, and never between them.' },
  );
}

function keyOfMetric(metric: Metric): string {
  return toCanonicalJson([metric.name, metric.definition, metric.about]);
}

function comparedOne(known: Metric, next: Metric): Metric {
  return next.comparison === undefined ? known : next;
}

/** The one with the baseline beside the candidate. */
function richerFigure(known: Figure, next: Figure): Figure {
  return toCanonicalJson(next).length > toCanonicalJson(known).length ? next : known;
}
