/** Units that a rule may give its numbers in. */

interface Unit {
  readonly dimension: 'time' | 'size';
  readonly factor: number;
}

const UNITS: Readonly<Record<string, Unit>> = {
  ns: { dimension: 'time', factor: 1e-9 },
  us: { dimension: 'time', factor: 1e-6 },
  ms: { dimension: 'time', factor: 1e-3 },
  s: { dimension: 'time', factor: 1 },
  min: { dimension: 'time', factor: 60 },
  h: { dimension: 'time', factor: 3600 },
  B: { dimension: 'size', factor: 1 },
  kB: { dimension: 'size', factor: 1e3 },
  MB: { dimension: 'size', factor: 1e6 },
  GB: { dimension: 'size', factor: 1e9 },
};

/** How keys of metrics files spell the unit that they end with: `p95_latency_ms`, `model.size_mb`. */
const UNIT_OF_WORD: Readonly<Record<string, string>> = {
  ns: 'ns',
  us: 'us',
  ms: 'ms',
  millis: 'ms',
  milliseconds: 'ms',
  s: 's',
  sec: 's',
  secs: 's',
  seconds: 's',
  minutes: 'min',
  hours: 'h',
  bytes: 'B',
  kb: 'kB',
  mb: 'MB',
  gb: 'GB',
};

/** The unit that a key of a metrics file ends with; undefined where it names none. */
export function unitOfKey(key: string): string | undefined {
  const words = key.toLowerCase().split(/[^a-z]+/);
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return Object.hasOwn(UNIT_OF_WORD, last) ? UNIT_OF_WORD[last] : undefined;
}

/** How many of the one unit make one of the other: 1000 from `s` to `ms`. Undefined where they measure different things. */
export function factorBetween(from: string, to: string): number | undefined {
  if (from === to) return 1;
  const [first, second] = [findUnit(from), findUnit(to)];
  if (first === undefined || second === undefined || first.dimension !== second.dimension) return undefined;
  return first.factor / second.factor;
}

/** Units that a number in this unit can be compared in. */
export function listUnitsLike(unit: string): readonly string[] {
  const dimension = findUnit(unit)?.dimension;
  const names = Object.entries(UNITS).flatMap(([name, other]) =>
    other.dimension === dimension ? [name] : [],
  );
  return dimension === undefined ? [unit] : names;
}

function findUnit(name: string): Unit | undefined {
  return Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
}
