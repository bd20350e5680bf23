import type { Labels } from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';

/** More different labels than this are no classes: an id or a number was named by mistake. */
export const MAX_CLASSES = 10_000;

/** How many values a message lists. */
const SHOWN_VALUES = 8;

/** Spellings of (negative, positive) that need no `positive` in the config, in lower case. */
const KNOWN_PAIRS = [
  ['0', '1'],
  ['false', 'true'],
  ['no', 'yes'],
  ['negative', 'positive'],
  ['-1', '1'],
] as const;

function listValues(values: readonly string[]): string {
  const shown = values.slice(0, SHOWN_VALUES).map((value) => JSON.stringify(value.slice(0, 80)));
  return `${shown.join(', ')}${values.length > SHOWN_VALUES ? ', …' : ''}`;
}

/** Every spelling in columns, with its normal form. Throws a UserError where there are too many. */
function listLabels(columns: readonly Labels[], describe: string): ReadonlyMap<string, string> {
  const normalised = new Map<string, string>();
  for (const { values } of columns) {
    for (const label of values) {
      if (normalised.has(label)) continue;
      normalised.set(label, normaliseLabel(label));
      if (normalised.size > MAX_CLASSES) {
        throw new UserError(
          `${describe} has more than ${MAX_CLASSES} different labels: ${listValues([...normalised.values()])}.`,
          {
            help: 'Name a column of classes, or set `task: regression` if these are numbers to predict.',
          },
        );
      }
    }
  }
  return normalised;
}

/** Columns of labels as indexes into all labels of all of them, sorted by code point. */
export function encodeLabels(
  columns: readonly Labels[],
  describe: string,
): {
  readonly labels: readonly string[];
  readonly codes: readonly Uint16Array[];
} {
  const normalised = listLabels(columns, describe);
  const labels = [...new Set(normalised.values())].sort();
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  const codes = columns.map((column) =>
    translate(column, new Uint16Array(column.codes.length), (text) => placeOf.get(normaliseLabel(text)) ?? 0),
  );
  return { labels, codes };
}

/** Fills an array with a number for each row's label. */
function translate<Codes extends Uint8Array | Uint16Array>(
  { codes, values }: Labels,
  translated: Codes,
  numberOf: (text: string) => number,
): Codes {
  const numbers = values.map(numberOf);
  for (let row = 0; row < codes.length; row++) translated[row] = numbers[codes[row] ?? 0] ?? 0;
  return translated;
}

interface BinaryRequest {
  readonly target: Labels;
  readonly prediction: Labels | undefined;
  /** The config's `positive`. */
  readonly positive: string | number | boolean | undefined;
  /** For messages: column names, and the file as the config spells it. */
  readonly targetColumn: string;
  readonly predictionColumn: string;
  readonly file: string;
}

interface BinaryLabels {
  /** The negative label, then the positive one. */
  readonly labels: readonly [string, string];
  readonly target: Uint8Array;
  readonly predicted: Uint8Array | undefined;
}

/**
 * Reads columns of two labels as 0 and 1. Without `positive` they must be one of the known pairs (any case).
 * Throws a UserError that lists the values found.
 */
export function readBinaryLabels(request: BinaryRequest): BinaryLabels {
  const { target, prediction, file } = request;
  const inTarget = distinct(target, `column \`${request.targetColumn}\` of ${file}`);
  const inPrediction =
    prediction === undefined ? [] : distinct(prediction, `column \`${request.predictionColumn}\` of ${file}`);
  const labels =
    request.positive === undefined
      ? findKnownPair(inTarget, inPrediction, request)
      : pairWith(normaliseLabel(request.positive), inTarget, inPrediction, request);
  refuseUnknown(inTarget, labels, request.targetColumn, request);
  refuseUnknown(inPrediction, labels, request.predictionColumn, request);
  const encode = (column: Labels): Uint8Array =>
    translate(column, new Uint8Array(column.codes.length), (text) =>
      isSameLabel(normaliseLabel(text), labels[1]) ? 1 : 0,
    );
  return {
    labels,
    target: encode(target),
    predicted: prediction === undefined ? undefined : encode(prediction),
  };
}

function distinct(column: Labels, describe: string): readonly string[] {
  return [...new Set(listLabels([column], describe).values())].sort();
}

/** Truth values are written in any case (pandas writes True, JSON true); other labels as they are. */
export function isSameLabel(first: string, second: string): boolean {
  return first === second || (isWord(first) && first.toLowerCase() === second.toLowerCase());
}

function isWord(label: string): boolean {
  return KNOWN_PAIRS.some((pair) => pair.some((word) => word === label.toLowerCase()));
}

function findKnownPair(
  inTarget: readonly string[],
  inPrediction: readonly string[],
  request: BinaryRequest,
): readonly [string, string] {
  const found = [...inTarget, ...inPrediction];
  const pair = KNOWN_PAIRS.find((words) =>
    found.every((label) => words.some((word) => word === label.toLowerCase())),
  );
  if (pair !== undefined) {
    const spelled = (word: string): string => found.find((label) => label.toLowerCase() === word) ?? word;
    return [spelled(pair[0]), spelled(pair[1])];
  }
  const column = inTarget.length > 2 ? request.targetColumn : describeColumns(request);
  throw new UserError(
    `It is not clear which label is positive: ${column} of ${request.file} holds ${listValues([...new Set(found)].sort())}.`,
    {
      help:
        new Set(found).size === 2
          ? `Set \`positive\` in \`predictions\` to one of them, for example \`positive: ${JSON.stringify(found[1] ?? '')}\`.`
          : 'Binary classification needs two labels, such as 0 and 1; for more set `task: multiclass-classification`.',
    },
  );
}

function describeColumns(request: BinaryRequest): string {
  return request.prediction === undefined
    ? `column \`${request.targetColumn}\``
    : `columns \`${request.targetColumn}\` and \`${request.predictionColumn}\``;
}

function pairWith(
  positive: string,
  inTarget: readonly string[],
  inPrediction: readonly string[],
  request: BinaryRequest,
): readonly [string, string] {
  const found = [...new Set([...inTarget, ...inPrediction])].sort();
  const present =
    found.find((label) => label === positive) ?? found.find((label) => isSameLabel(label, positive));
  const others = found.filter((label) => !isSameLabel(label, positive));
  if (present === undefined && others.length > 1) {
    throw new UserError(
      `\`positive: ${positive}\` is no label of column \`${request.targetColumn}\` of ${request.file}, which holds ${listValues(inTarget)}.`,
      { help: 'Set `positive` to one of them.' },
    );
  }
  const negative = others.find((label) => inTarget.includes(label)) ?? others[0] ?? `not ${positive}`;
  return [negative, present ?? positive];
}

function refuseUnknown(
  found: readonly string[],
  labels: readonly [string, string],
  column: string,
  request: BinaryRequest,
): void {
  const unknown = found.filter((label) => !labels.some((allowed) => isSameLabel(label, allowed)));
  if (unknown.length === 0) return;
  const looksLikeScore =
    column !== request.targetColumn && unknown.every((label) => /^[01]?\.\d+/.test(label));
  throw new UserError(
    `Column \`${column}\` of ${request.file} holds more than two labels: besides ${listValues(labels)} also ${listValues(unknown)}.`,
    {
      help: looksLikeScore
        ? `These look like probabilities: name the column as \`score\`, not as \`prediction\`.`
        : 'Binary classification needs two labels; for more set `task: multiclass-classification`.',
    },
  );
}
