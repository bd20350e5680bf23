import { type FoundMistake, showValue } from './mistake.ts';
import { isSchemaNode } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** What `leakage` of a dataset refers to: other datasets of the config, and columns that `columns` names. */
export function checkLeakage(
  name: string,
  dataset: Mapping,
  datasets: readonly string[],
): readonly FoundMistake[] {
  const { leakage, columns } = dataset;
  if (!isSchemaNode(leakage)) return [];
  const path = ['data', name, 'leakage'];
  const roles = isSchemaNode(columns) ? columns : {};
  const against: readonly unknown[] = Array.isArray(leakage['against']) ? leakage['against'] : [];
  const strangers = against.flatMap((other, index): readonly FoundMistake[] => {
    if (typeof other !== 'string' || (other !== name && datasets.includes(other))) return [];
    const text =
      other === name
        ? 'is this dataset itself: name another split.'
        : `is ${showValue(other)}, and no dataset of this config is called so. There are: ${datasets.join(', ')}.`;
    return [{ path: [...path, 'against', String(index)], at: 'value', text }];
  });
  if ('splits' in leakage && !('split' in roles)) {
    const text =
      'names splits, and no column says which split a row belongs to: add `columns: { split: … }`.';
    return [...strangers, { path: [...path, 'splits'], at: 'value', text }];
  }
  const asksNothing = against.length === 0 && !('splits' in leakage) && !('label' in roles);
  if (!asksNothing || strangers.length > 0) return strangers;
  const text =
    'has nothing to look at: name other datasets in `against`, or splits of one file in `splits`, or the column to predict in `columns: { label: … }`.';
  return [{ path, at: 'key', text }];
}
