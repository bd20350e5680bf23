/** What a data schema says that its checks count: for whoever judges evidence that somebody else made. */
import { boundDistinctly } from '../evidence/bound-text.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { listAllRules, listSureRules, type AllRules } from './all-rules.ts';
import { findSeverity } from './check-policy.ts';

type SeverityOf = (check: Pick<Check, 'id' | 'name'>) => Check['severity'] | undefined;

/** What a schema says of the checks of a dataset. */
export interface SchemaChecks {
  /** The severity that it gives a check; undefined where it gives none. */
  readonly severityOf: SeverityOf;
  /** The ids of all checks that there are whatever the data are. */
  readonly ids: ReadonlySet<string>;
}

export function listSchemaChecks(schema: DataSchema, dataset: string): SchemaChecks {
  const prefix = `data/${dataset}/`;
  const rules = listAllRules({ schema, locateSchema: () => ({ file: '', key: '' }) }, new Date(0));
  const own = new Map(
    listSureRules(rules).map((rule) => [boundDistinctly(`${prefix}${rule.id}`), rule.severity]),
  );
  return { ids: new Set(own.keys()), severityOf: readSeverities(schema, prefix, rules, own) };
}

function readSeverities(
  schema: DataSchema,
  prefix: string,
  rules: AllRules,
  own: ReadonlyMap<string, Check['severity'] | undefined>,
): SeverityOf {
  return ({ id, name }) => {
    const inner = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    const slice = rules.slices.find((block) => inner.startsWith(block.prefix));
    return own.get(id) ?? slice?.severity ?? findSeverity(schema, { id: inner, name });
  };
}
