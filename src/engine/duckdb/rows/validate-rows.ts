/** What JavaScript says of rows: ajv, under a watch. Loaded only where SQL could not tell. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

import { CELL_FORMATS, PlanError } from '../../engine.ts';
import type { RowCheck } from '../../row-check.ts';
import { isSchema } from './compile-cell-schema.ts';
import { explainErrors } from './explain-errors.ts';
import { workBounded } from './judge-bounded.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface RowValidator {
  /** Whether each row satisfies the schema. */
  readonly judge: (rows: readonly Row[]) => readonly boolean[];
  /** Why a row does not, in words without any of its values. */
  readonly explain: (row: Row) => string;
}

/** @throws PlanError for a schema that ajv refuses, and from both functions when they take too long */
export function createValidator(check: RowCheck, limit?: number): RowValidator {
  const validate = compileSchema(check);
  return {
    judge: (rows) => {
      try {
        return workBounded(check.id, rows.length, () => rows.map((row) => validate(row)), limit);
      } catch (error) {
        throw error instanceof PlanError ? error : refuseSchema(check.id, error);
      }
    },
    explain: (row) => {
      const explain = (): string =>
        validate(row) ? '' : explainErrors(validate.errors ?? [], JSON.stringify(check.schema));
      return workBounded(check.id, 1, explain, limit);
    },
  };
}

function compileSchema({ id, schema }: RowCheck): ValidateFunction {
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    unicodeRegExp: true,
    // A column may be called `constructor`.
    ownProperties: true,
    logger: false,
  });
  for (const format of CELL_FORMATS) ajv.addFormat(format, fullFormats[format]);
  const isDependent = DEPEND_ON_OTHERS.test(JSON.stringify(schema));
  // Without need ajv's record of what was looked at costs time, and some schemas throw in it.
  if (!isDependent) ajv.opts.unevaluated = false;
  try {
    return ajv.compile(mendSchema(schema, isDependent));
  } catch (cause) {
    throw refuseSchema(id, cause);
  }
}

function refuseSchema(id: string, cause: unknown): PlanError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PlanError(
    `The check ${id} cannot be evaluated: ${reason}.`,
    'Say the same with fewer keywords in one schema: put some of them into `allOf`.',
  );
}

/** Keywords whose answer depends on what the others have looked at. */
const DEPEND_ON_OTHERS = /"unevaluated(?:Items|Properties)"/u;

/**
 * What ajv gets wrong, said in another way. It remembers what `if` has looked at even where `if` does not hold, and
 * forgets it without `then` or `else` (core specification, section 11.3): two alternatives say the same. And beside
 * `prefixItems` it lets an empty list pass `contains` (section 10.3.1.3): apart it does not.
 */
function mendSchema(schema: Row, isDependent: boolean): Row {
  const mended = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, mendIn(value, isDependent)]),
  );
  const { if: condition, then = {}, else: otherwise = {}, ...unconditional } = mended;
  const isReplaced = isDependent && condition !== undefined;
  const { contains, minContains, maxContains, ...others } = isReplaced ? unconditional : mended;
  const isApart = contains !== undefined && 'prefixItems' in mended;
  const moved = [
    ...(isReplaced
      ? [{ oneOf: [{ allOf: [condition, then] }, { allOf: [{ not: condition }, otherwise] }] }]
      : []),
    ...(isApart
      ? [
          Object.fromEntries(
            Object.entries({ contains, minContains, maxContains }).filter(([, value]) => value !== undefined),
          ),
        ]
      : []),
  ];
  const kept = isApart ? others : isReplaced ? unconditional : mended;
  const all: readonly unknown[] = Array.isArray(kept['allOf']) ? kept['allOf'] : [];
  return moved.length === 0 ? kept : { ...kept, allOf: [...all, ...moved] };
}

function mendIn(value: unknown, isDependent: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => mendIn(item, isDependent));
  return isSchema(value) ? mendSchema(value, isDependent) : value;
}
