/** What is asked of each column of a table for its profile. */
import type { ColumnDescription, JsonType, TableDescription } from '../../engine/engine.ts';
import type { ProfiledColumn, ProfiledType, ProfilePlan } from '../../engine/profile.ts';
import type { ColumnProfile, DatasetProfile } from '../../schemas/evidence.generated.ts';
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import { columnTypes, listDeclaredTypes } from '../column-types.ts';
import { namesPersonal } from '../privacy/looks-personal.ts';

/** Most columns of a profile: those that come first. */
const MAX_COLUMNS = 10_000;

/** Sketches of a wide table are coarser, so that all of them fit into the engine's memory. */
const WIDE = 200;
const BUCKETS = { narrow: 4_096, wide: 1_024 } as const;

export interface ProfileSubject {
  readonly description: TableDescription;
  /** Where there is none, columns are of the types that they look like. */
  readonly schema?: DataSchema;
  /** A profile whose edges are used again, so that the two can be compared bin by bin. */
  readonly frozen?: DatasetProfile;
  /** Columns that are known to be personal by more than their names. */
  readonly personal?: ReadonlySet<string>;
}

export function planProfile({ description, schema, frozen, personal }: ProfileSubject): ProfilePlan {
  const declared = schema === undefined ? undefined : columnTypes(schema);
  const before = new Map(frozen?.columns.map((column) => [column.name, column]));
  const columns = description.columns.slice(0, MAX_COLUMNS).map((column): ProfiledColumn => {
    const { name } = column;
    const types = schema === undefined ? [] : listDeclaredTypes(schema, name);
    const type = chooseType(column, declared?.get(name), isText(description));
    return {
      name,
      type,
      declaredTypes: types.length > 0 ? types : declareGuess(type),
      withheld: namesPersonal(name) !== undefined || personal?.has(name) === true,
      ...findEdges(type, before.get(name)),
    };
  });
  return { columns, buckets: columns.length > WIDE ? BUCKETS.wide : BUCKETS.narrow };
}

function isText({ format }: TableDescription): boolean {
  return format === 'csv' || format === 'tsv';
}

/**
 * The type that the schema declares; where it declares none, or a string that the file itself holds as a date, what the
 * file says.
 */
function chooseType(
  { type }: ColumnDescription,
  declared: ProfiledType | undefined,
  isText: boolean,
): ProfiledType {
  const found = type === 'null' || type === 'array' || type === 'object' ? 'other' : type;
  const isTime = found === 'date' || found === 'date-time';
  if (declared === undefined || declared === 'other') return found;
  return declared === 'string' && isTime && !isText ? found : declared;
}

/** How cells of text are read that only look like something: as what they look like. */
function declareGuess(type: ProfiledType): readonly JsonType[] {
  return type === 'number' || type === 'integer' || type === 'boolean' ? [type] : [];
}

function findEdges(
  type: ProfiledType,
  before: ColumnProfile | undefined,
): Pick<ProfiledColumn, 'edges' | 'lengthEdges'> {
  if (before === undefined) return {};
  const { numeric, time, text } = before;
  const isNumber = type === 'number' || type === 'integer';
  const values = isNumber ? numeric?.histogram : type === before.type ? time?.histogram : undefined;
  return {
    ...(isUsable(values?.edges) ? { edges: values.edges } : {}),
    ...(type === 'string' && isUsable(text?.lengths.edges) ? { lengthEdges: text.lengths.edges } : {}),
  };
}

/** Edges in evidence may be anybody's. */
function isUsable(edges: readonly number[] | undefined): edges is readonly number[] {
  return (
    edges !== undefined &&
    edges.length > 1 &&
    edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? edge))
  );
}
