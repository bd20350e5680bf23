/** Answers of a program as lines of JSON: hostile until they are read. */
import { boundText } from '../../evidence/bound-text.ts';
import type { Check } from '../../schemas/evidence.generated.ts';
import { describeForm, partOf, type AnswerForm, type AnswerParts } from './answer-form.ts';
import { readBinaryLabel } from './same-label.ts';

/** Why a model's answers cannot be held against the file. `message` is one or more sentences. */
interface AnswerFault {
  readonly kind: 'fault';
  readonly reason: Extract<Check['reason'], 'foreign-failure' | 'foreign-incomplete'>;
  readonly message: string;
}

export type ReadAnswers =
  | { readonly kind: 'answers'; readonly byId: ReadonlyMap<string, AnswerParts> }
  | AnswerFault;

type Fields = Readonly<Record<string, unknown>>;

/** A line that is no answer; the message completes "Line 3 of its answers …". */
class LineFault extends Error {}

const SHOWN_IDS = 5;
const SHOWN_CHARACTERS = 80;

/**
 * Reads one answer for each id, in any order. Anything but exactly one good answer for each of them is a fault: lines
 * that are no JSON objects, ids that nobody asked for or that come twice, missing or non-finite numbers.
 * @param showIds whether messages may name ids, which may be private
 */
export function readAnswers(
  output: string,
  forms: readonly AnswerForm[],
  ids: readonly string[],
  showIds: boolean,
): ReadAnswers {
  const asked = new Set(ids);
  const byId = new Map<string, AnswerParts>();
  for (const [index, line] of output.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      const { id, fields } = readLine(line);
      const named = showIds ? ` for the id ${quote(id)}` : '';
      if (!asked.has(id)) throw new LineFault(`is an answer${named} that nobody asked for.`);
      if (byId.has(id)) throw new LineFault(`is a second answer${named}.`);
      byId.set(id, new Map(forms.flatMap((form) => [...readFields(fields, form)])));
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      const message = `Line ${index + 1} of the model's answers ${error.message}`;
      return { kind: 'fault', reason: 'foreign-failure', message };
    }
  }
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length === 0) return { kind: 'answers', byId };
  const shown = missing.slice(0, SHOWN_IDS).map(quote);
  const named = showIds ? `: ${shown.join(', ')}${missing.length > shown.length ? ', …' : ''}` : '';
  const message = `The model answered ${byId.size} of ${ids.length} examples; ${missing.length} are missing${named}.`;
  return { kind: 'fault', reason: 'foreign-incomplete', message };
}

function quote(value: unknown): string {
  return boundText(JSON.stringify(value) ?? String(value), SHOWN_CHARACTERS);
}

function readLine(line: string): { readonly id: string; readonly fields: Fields } {
  const fields = parseObject(line);
  const { id } = fields;
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new LineFault(`has no \`id\`: ${boundText(line, SHOWN_CHARACTERS)}`);
  }
  return { id: String(id), fields };
}

function parseObject(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const hint = /\b(?:NaN|Infinity)\b/u.test(line) ? ' NaN and Infinity are no JSON.' : '';
    throw new LineFault(
      `is no JSON: ${boundText(line, SHOWN_CHARACTERS)}${hint} Write nothing but answers to the standard output; all else belongs to the standard error.`,
    );
  }
  if (isMapping(value)) return value;
  throw new LineFault(`is no JSON object: ${boundText(line, SHOWN_CHARACTERS)}`);
}

function isMapping(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readFields(fields: Fields, form: AnswerForm): AnswerParts {
  const field = (name: string): unknown => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined || value === null) {
      throw new LineFault(`has no \`${name}\`. An answer has ${describeForm(form)}.`);
    }
    return value;
  };
  switch (form.kind) {
    case 'score':
      return new Map([['score', readNumber(field('score'), 'score')]]);
    case 'value':
      return new Map([['prediction', readNumber(field('prediction'), 'prediction')]]);
    case 'label':
      return new Map([['prediction', readLabel(field('prediction'), form)]]);
    case 'scores':
      return readEach('scores', field('scores'), form.labels);
    case 'predictions':
      return readEach('predictions', field('predictions'), form.labels);
    case 'quantiles':
      return readEach('quantiles', field('quantiles'), form.levels);
  }
}

function readNumber(value: unknown, name: string): number {
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new LineFault(`has ${quote(value)} as \`${name}\`, which must be a finite number.`);
}

function readLabel(value: unknown, form: Extract<AnswerForm, { kind: 'label' }>): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new LineFault(`has ${quote(value)} as \`prediction\`, which must be a label.`);
  }
  const text = String(value);
  return form.isBinary ? readBinaryLabel(text, form.labels) : text;
}

/** An object by label or level, or a list in their order. A number of each is needed; others are not looked at. */
function readEach(
  kind: 'scores' | 'predictions' | 'quantiles',
  value: unknown,
  names: readonly (string | number)[],
): AnswerParts {
  if (Array.isArray(value)) {
    if (value.length !== names.length) {
      throw new LineFault(`has ${value.length} \`${kind}\`, but there are ${names.length} to give.`);
    }
    return new Map(names.map((name, at) => [partOf(kind, name), readNumber(value[at], partOf(kind, name))]));
  }
  if (!isMapping(value)) {
    throw new LineFault(`has ${quote(value)} as \`${kind}\`, which must be an object or a list.`);
  }
  const given =
    kind === 'quantiles'
      ? new Map(Object.entries(value).map(([key, of]) => [String(Number(key)), of]))
      : undefined;
  return new Map(
    names.map((name) => {
      const key = String(name);
      const own = given === undefined ? (Object.hasOwn(value, key) ? value[key] : undefined) : given.get(key);
      if (own === undefined) throw new LineFault(`has no \`${kind}\` for ${quote(name)}.`);
      return [partOf(kind, name), readNumber(own, partOf(kind, name))];
    }),
  );
}
