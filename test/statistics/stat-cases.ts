/**
 * Drives the reference cases of test/data/stat-cases.json (or of any file of that shape): resolves the encodings that
 * its `meta` describes, calls the adapter named by the case, and compares within the case's tolerance.
 */
import { readFileSync } from 'node:fs';
import { adapters } from './stat-case-adapters.ts';
import { evaluateExpression, type Scope } from './expression.ts';
import { generateVector } from './generators.ts';

/** One reference case as it stands in the file. */
export interface StatCase {
  readonly id: string;
  readonly function: string;
  readonly inputs: unknown;
  readonly expected: unknown;
  readonly tolerance: { readonly rel: number; readonly abs: number };
}

interface StatCaseFile {
  readonly datasets: Readonly<Record<string, unknown>>;
  readonly cases: readonly StatCase[];
}

/** What became of one case. */
export type StatCaseResult =
  | { readonly id: string; readonly function: string; readonly result: 'pass' | 'no function' }
  | {
      readonly id: string;
      readonly function: string;
      readonly result: 'fail';
      readonly got: unknown;
      readonly wanted: unknown;
    };

/** Reads a file of cases. */
export function readStatCases(path: string | URL): StatCaseFile {
  return JSON.parse(readFileSync(path, 'utf8')) as StatCaseFile;
}

type Json = Readonly<Record<string, unknown>>;

const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function resolveGenerated(spec: Json): number[] {
  const values = generateVector(String(spec['kind']), Number(spec['seed']), Number(spec['n']));
  const then = spec['then'];
  if (typeof then !== 'string') return values;
  return values.map((value, index) => evaluateExpression(then, { u: value, v: value }, index));
}

/** `name = value (condition), value (condition)` after a semicolon: a vector given piece by piece. */
function resolvePieces(text: string, n: number): Scope {
  const name = /^\s*(\w+)\s*=/.exec(text)?.[1] ?? '';
  const pieces = [...text.matchAll(/(-?[\d.]+)\s*\(([^)]*)\)/g)];
  const valueAt = (index: number): number => {
    const piece = pieces.find((match) => evaluateExpression(match[2] ?? '', {}, index) === 1);
    return Number(piece?.[1] ?? Number.NaN);
  };
  return { [name]: Array.from({ length: n }, (_, index) => valueAt(index)) };
}

function resolveExpression(text: string, names: Json, datasets: Json): number[] {
  const scope: Record<string, number | readonly number[]> = {};
  for (const [name, value] of Object.entries(names)) {
    if (name !== '$expr') scope[name] = decode(value, datasets) as number | readonly number[];
  }
  const repeated = /^\[(\w+), (\w+), (\w+), \2, \3, \.\.\.\] (\d+) values$/.exec(text);
  if (repeated !== null) {
    const [first, second, third] = [1, 2, 3].map((group) => Number(scope[repeated[group] ?? '']));
    return Array.from({ length: Number(repeated[4]) }, (_, index) => {
      if (index === 0) return first ?? Number.NaN;
      return (index % 2 === 1 ? second : third) ?? Number.NaN;
    });
  }
  const lengths = Object.values(scope).map((value) => (typeof value === 'number' ? 0 : value.length));
  const n = Math.max(...lengths);
  const [main = '', ...definitions] = text.split(';');
  for (const definition of definitions) Object.assign(scope, resolvePieces(definition, n));
  return Array.from({ length: n }, (_, index) => evaluateExpression(main, scope, index));
}

/** Replaces every encoding of the file by the value that it stands for. */
export function decode(value: unknown, datasets: Json): unknown {
  if (typeof value === 'string') return NON_FINITE[value] ?? value;
  if (Array.isArray(value)) return value.map((item) => decode(item, datasets));
  if (!isObject(value)) return value;
  if (typeof value['$data'] === 'string') {
    const data = datasets[value['$data']];
    return decode(typeof value['key'] === 'string' && isObject(data) ? data[value['key']] : data, datasets);
  }
  if (isObject(value['$gen'])) return resolveGenerated(value['$gen']);
  if (typeof value['$expr'] === 'string') return resolveExpression(value['$expr'], value, datasets);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, datasets)]));
}

/** Keys of expected values that hold an explanation for the reader, not a value. */
const EXPLANATIONS = ['rule', 'note', 'identity'];

/** Whether a value is the wanted one: every wanted key, numbers within |got - want| <= abs + rel |want|. */
export function matches(got: unknown, wanted: unknown, tolerance: StatCase['tolerance']): boolean {
  if (typeof wanted === 'number') {
    if (typeof got !== 'number') return false;
    if (Number.isNaN(wanted)) return Number.isNaN(got);
    return got === wanted || Math.abs(got - wanted) <= tolerance.abs + tolerance.rel * Math.abs(wanted);
  }
  if (Array.isArray(wanted)) {
    if (got === null || typeof got !== 'object' || !('length' in got)) return false;
    const items = Array.from(got as ArrayLike<unknown>);
    return items.length === wanted.length && wanted.every((item, at) => matches(items[at], item, tolerance));
  }
  if (isObject(wanted)) {
    const keys = Object.keys(wanted).filter((key) => !EXPLANATIONS.includes(key));
    return isObject(got) && keys.every((key) => matches(got[key], wanted[key], tolerance));
  }
  return wanted === null ? got === null || got === undefined : got === wanted;
}

/** What an adapter returned, cut down to what the case asks for. */
function relevant(got: unknown, wanted: unknown): unknown {
  if (!isObject(got) || !isObject(wanted)) return got;
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, got[key]]));
}

/** Runs one case. An adapter that throws has failed, and its message is what it gave. */
export function runStatCase(statCase: StatCase, datasets: Json): StatCaseResult {
  const { id, function: name } = statCase;
  const adapter = adapters[name];
  if (adapter === undefined) return { id, function: name, result: 'no function' };
  const wanted = decode(statCase.expected, datasets);
  let got: unknown;
  try {
    got = adapter(decode(statCase.inputs, datasets));
  } catch (error) {
    got = error instanceof Error ? `threw ${error.message}` : error;
  }
  if (matches(got, wanted, statCase.tolerance)) return { id, function: name, result: 'pass' };
  return { id, function: name, result: 'fail', got: relevant(got, wanted), wanted };
}
