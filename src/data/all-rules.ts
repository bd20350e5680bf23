/** All that a data schema asks of one table, and which of it is left out for now. */
import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import { findSkip, listIdleKeys, listKeysOf, type FoundSkip, type NamedCheck } from './check-policy.ts';
import type { CheckContext } from './describe-check.ts';
import { listRules } from './list-rules.ts';
import type { Rule } from './rule.ts';
import { listSliceBlocks, listTableRules, type SliceBlock } from './table-rules/list-table-rules.ts';
import { countRule } from './table-rules/run-table-rules.ts';
import type { TableRule } from './table-rules/table-rule.ts';

export interface AllRules {
  /** Of cells, rows and columns, and of the table what one count tells. */
  readonly plain: readonly Rule[];
  readonly table: readonly TableRule[];
  readonly slices: readonly SliceBlock[];
}

/** Every check that a schema can be sure to have: those of slices depend on the data, but for their number. */
export function listSureRules({ plain, table, slices }: AllRules): readonly (Rule | TableRule)[] {
  return [...plain, ...table, ...slices.map(countRule)];
}

/**
 * @param now without it the schema may ask nothing that depends on the world around the table
 * @throws UserError for a key of `severity` or `skip` that names no check
 */
export function listAllRules(
  { schema, locateSchema }: Pick<CheckContext, 'schema' | 'locateSchema'>,
  now: Date | undefined,
): AllRules {
  const moment = now ?? new Date(0);
  const rules: AllRules = {
    plain: listRules(schema),
    table: listTableRules(schema, moment),
    slices: listSliceBlocks(schema, moment),
  };
  if (now === undefined && rules.table.length + rules.slices.length > 0) {
    throw new Error('A schema with rules of the whole table was given without what they need.');
  }
  refuseIdleKeys(schema, rules, locateSchema);
  return rules;
}

function refuseIdleKeys(
  schema: DataSchema,
  rules: AllRules,
  locateSchema: CheckContext['locateSchema'],
): void {
  const named: readonly NamedCheck[] = [
    ...listSureRules(rules),
    ...rules.slices.flatMap(({ by, rulesOf }) => rulesOf(by.map(() => null))),
  ];
  const [idle] = listIdleKeys(schema, named).filter(({ key }) => !isOfSlice(key, rules.slices));
  if (idle === undefined) return;
  const nearest = findNearest(idle.key, [...new Set(named.flatMap(listKeysOf))]);
  const { file, key, line } = locateSchema(idle.path);
  const place = line === undefined ? file : `${file}:${line}`;
  throw new UserError(
    `${place}: \`${key}\`: no check of this schema is called \`${idle.key}\`.${nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`}`,
    { help: 'Name a check by its id without `data/<dataset>/`, by its column, or by its anomaly.' },
  );
}

/** Which slices there are is up to the data. */
function isOfSlice(key: string, slices: readonly SliceBlock[]): boolean {
  return slices.some(({ prefix }) => key.startsWith(prefix));
}

/** What is left out at a moment. */
export interface Leave {
  readonly skipOf: (check: NamedCheck) => FoundSkip | undefined;
  readonly isAsked: (check: NamedCheck) => boolean;
}

export function planLeave(schema: DataSchema, now: Date | undefined): Leave {
  const skipOf: Leave['skipOf'] = (check) => (now === undefined ? undefined : findSkip(schema, check, now));
  return { skipOf, isAsked: (check) => skipOf(check)?.isExpired !== false };
}
