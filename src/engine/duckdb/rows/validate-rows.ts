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
    judge: (rows) => workBounded(check.id, rows.length, () => rows.map((row) => validate(row)), limit),
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
  try {
    return ajv.compile(
      DEPEND_ON_OTHERS.test(JSON.stringify(schema)) ? replaceConditions(schema) : { ...schema },
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlanError(`The check ${id} has a schema that cannot be read: ${reason}.`);
  }
}

/** Keywords whose answer depends on what the others have looked at. */
const DEPEND_ON_OTHERS = /"unevaluated(?:Items|Properties)"/u;

/**
 * ajv remembers what `if` has looked at even where `if` does not hold, and forgets it without `then` or `else` (core
 * specification, section 11.3). Two alternatives say the same, and of these it remembers the one that holds.
 */
function replaceConditions(schema: Row): Row {
  const { if: condition, then = {}, else: otherwise = {}, ...rest } = mapValues(schema);
  if (condition === undefined) return rest;
  const all: readonly unknown[] = Array.isArray(rest['allOf']) ? rest['allOf'] : [];
  const alternatives = [{ allOf: [condition, then] }, { allOf: [{ not: condition }, otherwise] }];
  return { ...rest, allOf: [...all, { oneOf: alternatives }] };
}

function mapValues(schema: Row): Row {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, replaceIn(value)]));
}

function replaceIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replaceIn);
  return isSchema(value) ? replaceConditions(value) : value;
}
