/** From a data schema to the flat list of what it asks: one rule, one check. */
import type { DataSchema, DatasetRules } from '../schemas/data-schema.generated.ts';
import { columnRuleId, encodeName, listColumnRules, listRequiredRules } from './list-column-rules.ts';
import type { CellRule, FractionRule, KeyRule, NewColumnsRule, Rule, RowRule, RowsRule } from './rule.ts';
import { definitionsOf } from './column-types.ts';
import {
  attachDefinitions,
  listNamedColumns,
  listParts,
  listRowComposites,
  pathOf,
  type Part,
} from './row-rules.ts';
import { isSchemaObject, type SchemaObject } from '../schemas/subschemas.ts';

/** Fewest rows that a table must have when the schema does not say: an empty table is never a pass. */
const DEFAULT_ROWS = 1;

/**
 * Every rule of a schema, in its own order: the table, then its columns, then rows, then keys. What all must hold (its
 * `allOf`, what it refers to) is taken apart, so that each keyword is a check of its own.
 */
export function listRules(schema: DataSchema): readonly Rule[] {
  const definitions = definitionsOf(schema);
  const { dataset: _dataset, $defs: _definitions, ...row } = schema;
  const parts = listParts(row, [], definitions);
  return [
    ...listRowsRules(schema.dataset),
    ...(refusesNewColumns(schema) ? [newColumnsRule()] : []),
    ...parts.flatMap((part) => listPartRules(schema, part)),
    ...parts.flatMap((part) => listRowRules(part, definitions)),
    ...Object.keys(schema.dataset['null-fraction']).flatMap((column) =>
      listFractionRules(schema.dataset, column),
    ),
    ...listKeyRules(schema.dataset.unique),
  ];
}

/** Whether the header alone tells that a column is one too many; patterns of names are left to the engine. */
function refusesNewColumns({ additionalProperties, patternProperties }: DataSchema): boolean {
  return additionalProperties === false && patternProperties === undefined;
}

/** What a part asks of columns. */
function listPartRules(schema: DataSchema, part: Part): readonly Rule[] {
  const { properties, required } = part.schema;
  const listed = isSchemaObject(properties) ? properties : {};
  const needed: readonly string[] = Array.isArray(required) ? required.map(String) : [];
  return [...new Set([...Object.keys(listed), ...needed])].flatMap((column) => [
    ...(needed.includes(column) ? listRequiredRules(schema, part, column, needed.indexOf(column)) : []),
    ...listColumnRules(schema, part, column, listed[column] ?? {}).map((rule) =>
      rule.kind === 'cell' ? tolerate(rule, schema.dataset) : rule,
    ),
  ]);
}

/** `min-domain-mass` is of the values that a column lists, `mostly` of each of its keywords. */
function tolerate(rule: CellRule, { mostly = {}, 'min-domain-mass': mass = {} }: DatasetRules): CellRule {
  const shares = rule.condition.kind === 'one-of' ? { ...mostly, ...mass } : mostly;
  const least = Object.hasOwn(shares, rule.column) ? shares[rule.column] : undefined;
  return least === undefined ? rule : { ...rule, least };
}

/** What a part asks of whole rows. */
function listRowRules(part: Part, definitions: SchemaObject): readonly RowRule[] {
  return listRowComposites(part).flatMap(({ keyword, name, schema }): readonly RowRule[] => {
    const isHeader =
      keyword === 'additionalProperties' && schema[keyword] === false && !('patternProperties' in schema);
    if (isHeader && part.suffix.length === 0) return [];
    const { columns, isAboutAll } = listNamedColumns(schema, definitions);
    return [
      {
        kind: 'row',
        name,
        id: [name, keyword, ...part.suffix.map(encodeName)].join('/'),
        path: pathOf(part, keyword),
        keyword,
        schema: attachDefinitions(schema, definitions),
        columns,
        isAboutAll,
      },
    ];
  });
}

function listRowsRules(dataset: DatasetRules): readonly RowsRule[] {
  const least = dataset.rows?.['at-least'] ?? DEFAULT_ROWS;
  const most = dataset.rows?.['at-most'];
  const base = { kind: 'rows', path: ['dataset', 'rows'] } as const;
  const lower: RowsRule = {
    ...base,
    name: 'DATASET_LOW_NUM_EXAMPLES',
    id: 'DATASET_LOW_NUM_EXAMPLES',
    path: [...base.path, 'at-least'],
    side: 'at-least',
    bound: least,
  };
  if (most === undefined) return [lower];
  return [
    lower,
    {
      ...base,
      name: 'DATASET_HIGH_NUM_EXAMPLES',
      id: 'DATASET_HIGH_NUM_EXAMPLES',
      path: [...base.path, 'at-most'],
      side: 'at-most',
      bound: most,
    },
  ];
}

function newColumnsRule(): NewColumnsRule {
  return {
    kind: 'new-columns',
    name: 'SCHEMA_NEW_COLUMN',
    id: 'SCHEMA_NEW_COLUMN',
    path: ['additionalProperties'],
  };
}

function listFractionRules(dataset: DatasetRules, column: string): readonly FractionRule[] {
  const bounds = dataset['null-fraction'][column] ?? {};
  return (['at-most', 'at-least'] as const).flatMap((side): readonly FractionRule[] => {
    const bound = bounds[side];
    const name = side === 'at-most' ? 'FEATURE_TYPE_LOW_FRACTION_PRESENT' : 'FEATURE_HIGH_FRACTION_PRESENT';
    const path = ['dataset', 'null-fraction', column, side];
    return bound === undefined
      ? []
      : [
          {
            kind: 'fraction',
            name,
            id: columnRuleId(column, name, 'null-fraction'),
            path,
            column,
            side,
            bound,
          },
        ];
  });
}

function listKeyRules(keys: DatasetRules['unique']): readonly KeyRule[] {
  const rules = new Map<string, KeyRule>();
  for (const [index, key] of keys.entries()) {
    const columns = 'columns' in key ? key.columns : key;
    const id = `${columns.map(encodeName).join('+')}/DUPLICATE_KEY`;
    if (rules.has(id)) continue;
    rules.set(id, {
      kind: 'key',
      name: 'DUPLICATE_KEY',
      id,
      path: ['dataset', 'unique', String(index)],
      columns,
      ...('severity' in key && key.severity !== undefined ? { severity: key.severity } : {}),
    });
  }
  return [...rules.values()];
}
