/** Keys and values that belong to features of mlgate that do not exist yet: a typo is another mistake than being early. */

const LATER_CONFIG_KEYS: Readonly<Record<string, string>> = {
  split: 'Splits of a dataset',
  splits: 'Splits of a dataset',
  calibration: 'A block of its own for calibration',
  behaviour: 'Behavioural tests',
  behavior: 'Behavioural tests',
  serving: 'Serving tests',
  latency: 'Bounds on latency',
  approvals: 'Approvals',
};

/** Table rules of the design. */
const LATER_SCHEMA_KEYS: Readonly<Record<string, string>> = {
  disjoint: 'Rows that two tables may not share',
};

const LATER_VALUES: Readonly<Record<string, readonly string[]>> = {
  'promotion.registry': ['mlflow'],
  'promotion.binding': ['attested'],
  format: ['delta'],
};

/** Name of the feature that a key belongs to, if it is one of a later version. */
export function findLaterKey(kind: 'config' | 'data-schema', key: string): string | undefined {
  const features = kind === 'config' ? LATER_CONFIG_KEYS : LATER_SCHEMA_KEYS;
  return Object.hasOwn(features, key) ? features[key] : undefined;
}

/** Whether a value of the config is one that a later version will allow under this path. */
export function isLaterValue(path: readonly string[], value: unknown): boolean {
  return [path.join('.'), path.at(-1) ?? ''].some(
    (key) =>
      Object.hasOwn(LATER_VALUES, key) && typeof value === 'string' && LATER_VALUES[key]?.includes(value),
  );
}
