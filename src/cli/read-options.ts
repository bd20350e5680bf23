/** Numbers and words on a command line. */
import { findNearest } from '../evidence/find-nearest.ts';
import { UserError } from '../evidence/errors.ts';
import type { CommandArguments } from './command.ts';

interface Range {
  /** Smallest that is allowed. */
  readonly least?: number;
  /** Largest that is allowed. */
  readonly most?: number;
  /** Allowed is what is greater. */
  readonly above?: number;
  /** Allowed is what is less. */
  readonly below?: number;
  /** Why a percentage is refused; undefined where it is a share. */
  readonly noPercentage?: string;
}

const NUMBER = /^(\d+(?:\.\d+)?(?:e-?\d+)?)( ?%)?$/i;

/** An option's number, or a percentage as a share; undefined if it is not given. Throws a UserError that says what is allowed. */
export function readNumber(arguments_: CommandArguments, option: string, range: Range): number | undefined {
  const text = arguments_.text(option);
  if (text === undefined) return undefined;
  const [, digits, percent] = NUMBER.exec(text.trim()) ?? [];
  if (percent !== undefined && range.noPercentage !== undefined)
    throw new UserError(`--${option} is \`${text}\`; ${range.noPercentage}`);
  const value = digits === undefined ? Number.NaN : Number(digits) / (percent === undefined ? 1 : 100);
  const { least = -Infinity, most = Number.MAX_VALUE, above = -Infinity, below = Infinity } = range;
  if (value >= least && value <= most && value > above && value < below) return value;
  const meant =
    most === 1 && value > 1 && value <= 100
      ? ` Did you mean ${value / 100}${range.noPercentage === undefined ? `, or ${value}%` : ''}?`
      : '';
  throw new UserError(`--${option} is \`${text}\`; it must be a number ${describeRange(range)}.${meant}`);
}

function describeRange({ least, most, above, below }: Range): string {
  const from =
    above === undefined ? (least === undefined ? [] : [`of at least ${least}`]) : [`above ${above}`];
  const to = below === undefined ? (most === undefined ? [] : [`of at most ${most}`]) : [`below ${below}`];
  return [...from, ...to].join(' and ');
}

/** An option's whole number, at least 1 unless `least` says otherwise; undefined if it is not given. Throws a UserError. */
export function readCount(
  arguments_: CommandArguments,
  option: string,
  { least = 1, most = 1e12 }: { readonly least?: number; readonly most?: number } = {},
): number | undefined {
  const text = arguments_.text(option);
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(text)
    ? Number(text)
    : /^\d{1,3}(,\d{3})+$/.test(text)
      ? Number(text.replaceAll(',', ''))
      : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new UserError(
    `--${option} is \`${text}\`; it must be a whole number from ${least} to ${most.toLocaleString('en-US')}.`,
  );
}

/** An option's word, which is one of these; undefined if it is not given. Throws a UserError. */
export function readWord<Word extends string>(
  arguments_: CommandArguments,
  option: string,
  words: readonly Word[],
): Word | undefined {
  const text = arguments_.text(option);
  const known = words.find((word) => word === text);
  if (known !== undefined || text === undefined) return known;
  const nearest = findNearest(text, words) ?? words.find((word) => word.startsWith(text));
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`--${option} is \`${text}\`; it must be one of ${words.join(', ')}.${hint}`);
}

export interface Rate {
  readonly perDay: number;
}

const DAYS = { hour: 1 / 24, day: 1, week: 7, month: 365.25 / 12 } as const;

/** An option's rate, such as `200/day`; undefined if it is not given. Throws a UserError. */
export function readRate(arguments_: CommandArguments, option: string): Rate | undefined {
  const text = arguments_.text(option);
  if (text === undefined) return undefined;
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?(?:\/|per) ?(hour|day|week|month)$/.exec(text.trim()) ?? [];
  const days = Object.entries(DAYS).find(([name]) => name === unit)?.[1];
  const count = Number(digits);
  if (days !== undefined && count > 0) return { perDay: count / days };
  throw new UserError(
    `--${option} is \`${text}\`; it must be a number per hour, day, week or month, such as 200/day.`,
  );
}
