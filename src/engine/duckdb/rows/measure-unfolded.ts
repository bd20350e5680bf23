/** How much SQL a schema would become: what is referred to stands in it once for each reference. */
import { isSchema, type JsonSchema } from './compile-cell-schema.ts';

type Measure = (schema: unknown) => number;

/** Keywords of a row with a schema for a cell, and those with one for each name. */
const OF_CELL = ['additionalProperties', 'propertyNames'];
const OF_CELLS = ['properties', 'patternProperties'];

/**
 * Conditions that a schema for a row unfolds to, about: a few lines that refer to one another twice each double it every
 * time.
 */
export function measureUnfolded(schema: JsonSchema, definitions: JsonSchema): number {
  const ofCell = createMeasure(definitions, () => 1);
  const ofRow: Measure = createMeasure(definitions, (keyword, value) => {
    if (keyword === 'dependentSchemas') return sumOf(valuesOf(value), ofRow);
    if (OF_CELLS.includes(keyword)) return sumOf(valuesOf(value), ofCell);
    return OF_CELL.includes(keyword) ? ofCell(value) : 1;
  });
  return ofRow(schema);
}

/** What is measured of a definition is measured once. */
function createMeasure(
  definitions: JsonSchema,
  others: (keyword: string, value: unknown) => number,
): Measure {
  const known = new Map<string, number>();
  const measureReferred = (name: string): number => {
    const size = known.get(name) ?? measure(definitions[name.replace(/^#\/\$defs\//u, '')]);
    known.set(name, size);
    return size;
  };
  const measureKeyword = (keyword: string, value: unknown): number => {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [];
    switch (keyword) {
      case '$ref':
        return measureReferred(String(value));
      case 'allOf':
      case 'anyOf':
        return sumOf(parts, measure);
      case 'oneOf':
        return parts.length * sumOf(parts, measure);
      case 'not':
      case 'then':
      case 'else':
        return measure(value);
      case 'if':
        // Where it holds, and where it does not.
        return 2 * measure(value);
      default:
        return others(keyword, value);
    }
  };
  const measure: Measure = (schema) =>
    isSchema(schema)
      ? 1 + Object.entries(schema).reduce((sum, [keyword, value]) => sum + measureKeyword(keyword, value), 0)
      : 1;
  return measure;
}

function valuesOf(value: unknown): readonly unknown[] {
  return isSchema(value) ? Object.values(value) : [];
}

function sumOf(schemas: readonly unknown[], measure: Measure): number {
  return schemas.reduce((sum: number, schema) => sum + measure(schema), 0);
}
