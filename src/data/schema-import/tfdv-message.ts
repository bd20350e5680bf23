import type { TextMessage, TextValue } from './text-proto.ts';

/** Fields that may stand several times, by the field that their message is the value of. */
const REPEATED: Readonly<Record<string, readonly string[]>> = {
  '': [
    'feature',
    'sparse_feature',
    'weighted_feature',
    'string_domain',
    'float_domain',
    'int_domain',
    'default_environment',
    'tensor_representation_group',
  ],
  feature: ['in_environment', 'not_in_environment'],
  struct_domain: ['feature', 'sparse_feature'],
  string_domain: ['value'],
  shape: ['dim'],
  value_counts: ['value_count'],
  annotation: ['tag', 'comment', 'extra_metadata'],
};

/** A message as a value whose places can be named: single fields without their list. */
export function toValue(value: TextValue, name: string): unknown {
  if (typeof value !== 'object') return value;
  const message: TextMessage = value;
  const repeated = Object.hasOwn(REPEATED, name) ? (REPEATED[name] ?? []) : [];
  return Object.fromEntries(
    Array.from(message, ([key, values]) => {
      const [only] = values;
      const isSingle = only !== undefined && values.length === 1 && !repeated.includes(key);
      return [key, isSingle ? toValue(only, key) : values.map((inner) => toValue(inner, key))];
    }),
  );
}
