/** Tables with columns of every kind, drawn from distributions that are known. */
import type { Random } from '../../src/statistics/random.ts';
import type { Cells } from '../../test/helpers/build-profile.ts';

type Draw = (random: Random) => number | string | boolean | undefined;

/** A standard normal number (Box and Muller). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log1p(-random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Categories of falling shares: the second is half as frequent as the first, the third a third. */
function drawCategory(random: Random, categories: number): string {
  let [rest, total] = [0, 0];
  for (let category = 1; category <= categories; category++) total += 1 / category;
  rest = random.uniform() * total;
  for (let category = 1; category < categories; category++) {
    rest -= 1 / category;
    if (rest < 0) return `c${category}`;
  }
  return `c${categories}`;
}

/** The first is the one that is shifted. */
const KINDS: Readonly<Record<string, Draw>> = {
  normal: drawNormal,
  category: (random) => drawCategory(random, 5),
  exponential: (random) => -Math.log1p(-random.uniform()),
  flag: (random) => random.uniform() < 0.2,
  'with gaps': (random) => (random.uniform() < 0.1 ? undefined : drawNormal(random)),
  lognormal: (random) => Math.exp(drawNormal(random)),
  'many categories': (random) => drawCategory(random, 30),
  count: (random) => random.integer(10),
  'two humps': (random) => drawNormal(random) + (random.uniform() < 0.5 ? 0 : 4),
  'rare category': (random) => (random.uniform() < 0.97 ? 'usual' : drawCategory(random, 4)),
};

export type Table = Readonly<Record<string, Cells>>;

/** A table with so many columns, the kinds in turns. By `shift` standard deviations the first column is moved. */
export function drawTable(random: Random, rows: number, columns: number, shift = 0): Table {
  const kinds = Object.entries(KINDS);
  return Object.fromEntries(
    Array.from({ length: columns }, (_, index) => {
      const [kind, draw] = kinds[index % kinds.length] ?? ['normal', drawNormal];
      const cells = Array.from({ length: rows }, () => draw(random));
      const moved =
        index === 0 ? cells.map((cell) => (typeof cell === 'number' ? cell + shift : cell)) : cells;
      return [`${kind} ${index}`, moved];
    }),
  );
}
