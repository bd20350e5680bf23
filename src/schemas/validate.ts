/**
 * From `unknown` to the types of action-schema/: every document that a user writes, or that another job, machine
 * or day has left, passes through here once.
 */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import configSchema from '../../action-schema/config.schema.json' with { type: 'json' };
import dataSchema from '../../action-schema/data-schema.schema.json' with { type: 'json' };
import evidenceSchema from '../../action-schema/evidence.schema.json' with { type: 'json' };
import ledgerEntrySchema from '../../action-schema/ledger-entry.schema.json' with { type: 'json' };
import schemaDiffSchema from '../../action-schema/schema-diff.schema.json' with { type: 'json' };
import schemaImportSchema from '../../action-schema/schema-import.schema.json' with { type: 'json' };
import profileSchema from '../../action-schema/profile.schema.json' with { type: 'json' };
import { compileValidator } from './compile-validator.ts';
import type { Config } from './config.generated.ts';
import type { ColumnSchema, DataSchema } from './data-schema.generated.ts';
import type { Acceptance, DataDiff, Evidence } from './evidence.generated.ts';
import type { LedgerEntry } from './ledger-entry.generated.ts';
import type { SchemaDiff } from './schema-diff.generated.ts';
import type { SchemaImport } from './schema-import.generated.ts';
import type { StoredProfile } from './profile.generated.ts';

interface Documents {
  readonly config: Config;
  readonly 'data-schema': DataSchema;
  readonly evidence: Evidence;
  readonly 'ledger-entry': LedgerEntry;
  readonly 'schema-diff': SchemaDiff;
  readonly 'schema-import': SchemaImport;
  readonly profile: StoredProfile;
  readonly acceptance: Acceptance;
  readonly 'data-diff': DataDiff;
  readonly 'referred-schema': ColumnSchema | boolean;
}

export type DocumentKind = Exclude<keyof Documents, keyof typeof PARTS>;

/** The schemas themselves: for `mlgate explain`, the generated reference and editors. */
export const SCHEMAS = {
  config: configSchema,
  'data-schema': dataSchema,
  evidence: evidenceSchema,
  'ledger-entry': ledgerEntrySchema,
  'schema-diff': schemaDiffSchema,
  'schema-import': schemaImportSchema,
  profile: profileSchema,
} as const satisfies Record<DocumentKind, object>;

/** Parts of a document that are files by themselves too: what they hold is said once, in that document's schema. */
const PARTS = {
  acceptance: {
    $id: 'urn:mlgate:schema:acceptance:1',
    $ref: '#/$defs/acceptance',
    $defs: evidenceSchema.$defs,
  },
  'data-diff': {
    $id: 'urn:mlgate:schema:data-diff:1',
    $ref: '#/$defs/dataDiff',
    $defs: evidenceSchema.$defs,
  },
  'referred-schema': {
    $id: 'urn:mlgate:schema:referred-schema:1',
    $ref: '#/$defs/column',
    $defs: dataSchema.$defs,
  },
} as const;

/** One broken rule. */
export interface SchemaViolation {
  /** Keys and indexes that lead to the value. */
  readonly path: readonly string[];
  /** The schema keyword that is broken. */
  readonly keyword: string;
  /** What the keyword says: ajv's `params` (https://ajv.js.org/api.html#error-parameters). */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** The schema object that holds the keyword. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

export type Validated<T> =
  | { readonly ok: true; readonly document: T }
  | { readonly ok: false; readonly violations: readonly SchemaViolation[] };

/**
 * Documents whose mistakes are all listed. Of the others, which may come from anybody, the first is enough: collecting
 * all takes time in proportion to the square of their number, which would be hours for one hostile file.
 */
const WRITTEN_BY_PEOPLE: readonly (keyof Documents)[] = ['config', 'data-schema', 'referred-schema'];

const compiled = new Map<keyof Documents, ValidateFunction>();

function compileOnce(kind: keyof Documents): ValidateFunction {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const validate = compileValidator({ ...SCHEMAS, ...PARTS }[kind], WRITTEN_BY_PEOPLE.includes(kind));
  compiled.set(kind, validate);
  return validate;
}

/**
 * Validates a document and fills in the schema's defaults. All violations of a document that people write are listed,
 * of any other the first only. The input is not changed.
 */
export function validateDocument<K extends keyof Documents>(
  kind: K,
  input: unknown,
): Validated<Documents[K]> {
  const validate = compileOnce(kind);
  const document: unknown = structuredClone(input);
  if (validate(document)) return { ok: true, document: document as Documents[K] };
  return { ok: false, violations: (validate.errors ?? []).map(toViolation) };
}

function toViolation(error: ErrorObject): SchemaViolation {
  return {
    path: parsePointer(error.instancePath),
    keyword: error.keyword,
    parameters: error.params as Readonly<Record<string, unknown>>,
    message: error.message ?? error.keyword,
    schema: error.parentSchema ?? {},
    value: error.data,
  };
}

/** RFC 6901: `/a~1b/0` leads to key `a/b`, then item 0. */
function parsePointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
