/**
 * A repository with a model of several classes: how 600 people travel, whether it treats women as men, and what its
 * unit tests said. It is weak on hills in the rain. Everything is made by code from fixed numbers.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../src/statistics/random.ts';
import { REPOSITORY_ROOT } from './run-action.ts';

const PEOPLE = 600;
const MODES = ['bus', 'car', 'walk'] as const;

interface Person {
  readonly id: string;
  readonly mode: (typeof MODES)[number];
  readonly sex: 'f' | 'm';
  readonly place: 'hills' | 'plain';
  readonly weather: 'rain' | 'sun';
  /** Of each mode, in the order of MODES. */
  readonly scores: readonly number[];
}

/** Of ten women, whom an unfair model takes for somebody else. */
const UNFAIR = 0.6;

export interface TravelOptions {
  /** Women are predicted much worse than men. */
  readonly isFair?: boolean;
  /** Whether the config bounds fairness. */
  readonly isBounded?: boolean;
  /** The results of the unit tests. */
  readonly tests?: 'pytest-clean.xml' | 'pytest-endings.xml';
  /** More of `report`. */
  readonly report?: string;
}

function listPeople(isFair: boolean): readonly Person[] {
  const random = createRandom(5);
  return Array.from({ length: PEOPLE }, (_, index) => {
    const truth = index % MODES.length;
    const sex = random.uniform() < 0.5 ? 'f' : 'm';
    const place = random.uniform() < 0.4 ? 'hills' : 'plain';
    const weather = random.uniform() < 0.5 ? 'rain' : 'sun';
    const [luck, bias, sure] = [random.uniform(), random.uniform(), random.uniform()];
    const isWrong =
      luck < (place === 'hills' && weather === 'rain' ? 0.7 : 0.08) ||
      (!isFair && sex === 'f' && bias < UNFAIR);
    const said = (truth + (isWrong ? 1 : 0)) % MODES.length;
    const top = Number((0.5 + 0.45 * sure).toFixed(3));
    return {
      id: `person-${String(index).padStart(3, '0')}`,
      mode: MODES[truth] ?? 'bus',
      sex,
      place,
      weather,
      scores: MODES.map((_mode, at) => (at === said ? top : (1 - top) / 2)),
    };
  });
}

function makeTravelConfig({ isBounded = true, report = '' }: TravelOptions): string {
  const fairness = isBounded
    ? '    fairness: { groups: [sex], favourable: car, max-difference: { accuracy: 0.2 } }\n'
    : '';
  return `version: 1
models:
  travel:
    task: multiclass-classification
    artifact: models/travel.bin
    predictions: { path: out/predictions.csv, id: id, target: mode, scores: p_* }
    metrics:
      accuracy: { at-least: 0.3 }
      log_loss: { max-regression: 2 }
${fairness}    slices: { by: [place], search: { columns: [place, weather, sex] } }
metrics:
  tests: { path: out/junit.xml }
comparison: { resamples: 200 }
report: { ${report} }
`;
}

/** The files of a commit, by path. */
export function makeTravelFiles(options: TravelOptions = {}): Record<string, string> {
  const { isFair = true, tests = 'pytest-clean.xml' } = options;
  const rows = listPeople(isFair).map(({ id, mode, sex, place, weather, scores }) =>
    [id, mode, sex, place, weather, ...scores.map((score) => score.toFixed(4))].join(','),
  );
  const artifact = `travel, ${isFair ? 'fair' : 'unfair'}\n`;
  const sha256 = createHash('sha256').update(artifact).digest('hex');
  return {
    'mlgate.yml': makeTravelConfig(options),
    'models/travel.bin': artifact,
    'out/predictions.csv': `id,mode,sex,place,weather,p_bus,p_car,p_walk\n${rows.join('\n')}\n`,
    'out/predictions.csv.mlgate.json': JSON.stringify({ version: 1, subject: { sha256 } }),
    'out/junit.xml': readFileSync(join(REPOSITORY_ROOT, 'test/fixtures/junit', tests), 'utf8'),
  };
}
