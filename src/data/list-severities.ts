/** What a data schema says that its checks count: for whoever judges evidence that somebody else made. */
import { boundDistinctly } from '../evidence/bound-text.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { listAllRules, listSureRules } from './all-rules.ts';
import { findSeverity } from './check-policy.ts';

export type SeverityOf = (check: Pick<Check, 'id' | 'name'>) => Check['severity'] | undefined;

/** The severity that a schema gives a check of a dataset; undefined where it gives none. */
export function readSeverities(schema: DataSchema, dataset: string): SeverityOf {
  const prefix = `data/${dataset}/`;
  const rules = listAllRules({ schema, locateSchema: () => ({ file: '', key: '' }) }, new Date(0));
  const own = new Map(
    listSureRules(rules).map((rule) => [boundDistinctly(`${prefix}${rule.id}`), rule.severity]),
  );
  return ({ id, name }) => {
    const inner = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    const slice = rules.slices.find((block) => inner.startsWith(block.prefix));
    return own.get(id) ?? slice?.severity ?? findSeverity(schema, { id: inner, name });
  };
}
