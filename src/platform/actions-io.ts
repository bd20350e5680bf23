import * as core from '@actions/core';
import { UserError, WorldError } from '../evidence/errors.ts';

/** GitHub's limit for a step's summary in bytes: a larger one is dropped as a whole. */
export const MAX_SUMMARY_BYTES = 1_048_576;

/** What an action was given under `with:`. */
export interface ActionInputs {
  /** Throws a UserError if the input is absent or blank. */
  readonly required: (name: string) => string;
  readonly optional: (name: string) => string | undefined;
  /** `true` or `false` and nothing else; absent: the fallback. */
  readonly boolean: (name: string, fallback: boolean) => boolean;
  /** A decimal number inside the range; absent: undefined. */
  readonly number: (name: string, range: NumberRange) => number | undefined;
  /** One of the words; absent: the fallback. */
  readonly choice: <T extends string>(name: string, allowed: readonly T[], fallback: T) => T;
  /** One item for each line; blank lines are left out. */
  readonly lines: (name: string) => readonly string[];
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** Reads inputs from the environment that the runner made (INPUT_*). */
export function readActionInputs(): ActionInputs {
  return {
    required: (name) => {
      const text = readOptional(name);
      if (text !== undefined) return text;
      throw new UserError(`The input \`${name}\` is missing.`, { help: `Add \`${name}:\` under \`with:\`.` });
    },
    optional: readOptional,
    boolean: (name, fallback) => parseBoolean(name, readOptional(name), fallback),
    number: (name, range) => {
      const text = readOptional(name);
      return text === undefined ? undefined : parseNumber(name, text, range);
    },
    choice: (name, allowed, fallback) => {
      const text = readOptional(name);
      if (text === undefined) return fallback;
      const found = allowed.find((word) => word === text);
      if (found === undefined) throw badInput(name, text, allowed.map((word) => `\`${word}\``).join(', '));
      return found;
    },
    lines: (name) => core.getMultilineInput(name).filter((line) => line !== ''),
  };
}

function readOptional(name: string): string | undefined {
  const text = core.getInput(name);
  return text === '' ? undefined : text;
}

function parseBoolean(name: string, text: string | undefined, fallback: boolean): boolean {
  if (text === undefined) return fallback;
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw badInput(name, text, '`true` or `false`');
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/iu;

function parseNumber(name: string, text: string, range: NumberRange): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  const fits =
    value >= range.min && value <= range.max && (range.integer !== true || Number.isInteger(value));
  if (fits) return value;
  const kind = range.integer === true ? 'a whole number' : 'a number';
  throw badInput(name, text, `${kind} from ${range.min} to ${range.max}`);
}

function badInput(name: string, text: string, allowed: string): UserError {
  return new UserError(
    `The input \`${name}\` is \`${text.slice(0, 100)}\`, which is not allowed: it is ${allowed}.`,
    { help: `Correct \`${name}:\` under \`with:\`.` },
  );
}

/** Sets outputs of the action. Undefined values are left out, so that `if:` sees an empty text. */
export function writeOutputs(outputs: Readonly<Record<string, string | number | boolean | undefined>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== undefined) core.setOutput(name, String(value));
  }
}

/**
 * Adds Markdown to the step's summary. The caller keeps it under MAX_SUMMARY_BYTES; a larger one throws a
 * WorldError here rather than vanish at GitHub.
 */
export async function writeSummary(markdown: string): Promise<void> {
  const bytes = Buffer.byteLength(markdown);
  if (bytes > MAX_SUMMARY_BYTES) {
    throw new WorldError(`The summary has ${bytes} bytes; GitHub takes ${MAX_SUMMARY_BYTES}.`);
  }
  await core.summary.addRaw(markdown, true).write();
}

/** Keeps a secret out of the log from here on. */
export function maskSecret(secret: string): void {
  if (secret !== '') core.setSecret(secret);
}
