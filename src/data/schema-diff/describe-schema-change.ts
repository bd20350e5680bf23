/** What a change of a data schema does to the tables that it allows. */
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import { isSchemaObject, type SchemaObject } from '../../schemas/subschemas.ts';
import { compareDataset } from './compare-dataset.ts';
import { compareReadings } from './compare-readings.ts';
import { compareSchemas } from './compare-schemas.ts';
import { joinEffects, type Effect } from './effect.ts';
import { asObject, expand, isSame, listDemands } from './same-schema.ts';
import { changeAt, show, type SchemaChange } from './schema-change.ts';

export interface SchemaComparison {
  readonly effect: Effect;
  readonly changes: readonly SchemaChange[];
}

/**
 * Every change with what it does, and what they do together. Where it is not loosening, every row and every
 * table that the new schema allows is one that the old one allowed (of tables that have a column of the old one at all).
 * @param before in one piece, as `parseDataSchema` gives it, and so is `after`
 */
export function describeSchemaChange(before: DataSchema, after: DataSchema): SchemaComparison {
  const roots = { before: withoutDataset(before), after: withoutDataset(after) };
  const place = { path: [], isFlipped: false, subject: '' };
  const changes = [
    ...compareSchemas(roots.before, roots.after, place, roots),
    ...compareReadings(before, after),
    ...compareTolerated(before, after),
    ...compareDataset(before.dataset, after.dataset),
  ];
  return { effect: joinEffects(changes.map(({ effect }) => effect)), changes };
}

function withoutDataset(schema: DataSchema): SchemaObject {
  const { dataset: _dataset, ...row } = schema;
  return row;
}

/**
 * A tolerated share of outsiders holds for each keyword of a column by itself: what is demanded in one piece and what in
 * several are not the same.
 */
function compareTolerated(before: DataSchema, after: DataSchema): readonly SchemaChange[] {
  const roots = { before: withoutDataset(before), after: withoutDataset(after) };
  const columns = new Set([...listTolerant(before), ...listTolerant(after)]);
  return [...columns].flatMap((column): readonly SchemaChange[] => {
    const [old, now] = [before, after].map(({ properties }) => asObject(properties[column]));
    const isPlain = [old, now].every((cell) =>
      listDemands(cell ?? {}).every((keyword) => PLAIN.has(keyword)),
    );
    const isExpanded = expand(old ?? {}, roots.before) !== old || expand(now ?? {}, roots.after) !== now;
    if (isSame(old, now, roots) || (isPlain && !isExpanded)) return [];
    const at = { path: ['properties', column], column, isFlipped: false, subject: `Column ${show(column)}` };
    return [
      changeAt(
        at,
        [],
        'unknown',
        'its demands are put together in another way, and a share of outsiders is tolerated for each.',
      ),
    ];
  });
}

function listTolerant({ dataset }: DataSchema): readonly string[] {
  return [dataset['min-domain-mass'], dataset.mostly].flatMap((shares) =>
    isSchemaObject(shares) ? Object.keys(shares) : [],
  );
}

/** Keywords that are each a check of their own. */
const PLAIN: ReadonlySet<string> = new Set([
  'type',
  'enum',
  'const',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
]);
