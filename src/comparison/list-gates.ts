import { UserError } from '../evidence/errors.ts';
import { findDirection } from '../metrics/find-metric.ts';
import type { Config, ModelConfig, NumberGate } from '../schemas/config.generated.ts';
import { findContradiction } from './check-bounds.ts';
import type { MetricGate } from './gate.ts';
import { PLAIN_FORMAT } from './judge-imports.ts';
import {
  boundsOf,
  DIRECTED,
  findMistake,
  listNamed,
  mistake,
  mistakeIn,
  placeBounds,
  type Listed,
  type Locate,
} from './list-named-gates.ts';
import { listSliceGates } from './list-slice-gates.ts';

/**
 * Every bound on a metric that the config sets, with the catalogue's names. Throws one UserError that lists all
 * mistakes: a metric that the task does not have, two names of one metric, a bound that the metric can never reach,
 * bounds that contradict each other, a number without a known direction.
 */
export function listGates(config: Pick<Config, 'models' | 'metrics'>, locate: Locate): readonly MetricGate[] {
  const listed = [
    ...Object.entries(config.models ?? {}).flatMap(([name, model]) => [
      ...listModel(name, model, locate),
      ...listSliceGates(name, model, locate),
    ]),
    ...Object.entries(config.metrics ?? {}).flatMap(([name, file]) =>
      Object.entries(file.gates).map(([key, gate]) =>
        listNumber({ name, format: file.format }, key, gate, locate),
      ),
    ),
  ];
  const mistakes = listed.filter((item) => item.kind === 'mistake');
  if (mistakes.length > 0) {
    const helps = [...new Set(mistakes.map((mistake) => mistake.help))];
    throw new UserError(mistakes.map((mistake) => mistake.text).join('\n'), { help: helps.join('\n') });
  }
  return listed.flatMap((item) => (item.kind === 'gate' ? [item.gate] : []));
}

function listModel(name: string, model: ModelConfig, locate: Locate): readonly Listed[] {
  const path = ['models', name, 'metrics'];
  return listNamed(model.metrics, { name, model, path, locate }, (definition, gate, at) => {
    const found = findMistake(definition, gate, at, locate);
    if (found !== undefined) return found;
    const placed = placeBounds(boundsOf(gate), gate.severity, at, locate);
    return { kind: 'gate', gate: { about: { model: name }, metric: definition.name, ...placed } };
  });
}

interface NumberFile {
  readonly name: string;
  /** A format of another tool may say itself which way a number is better. */
  readonly format: string | undefined;
}

function listNumber(
  { name: file, format = PLAIN_FORMAT }: NumberFile,
  key: string,
  gate: NumberGate,
  locate: Locate,
): Listed {
  const path = ['metrics', file, 'gates', key];
  const direction = gate.direction ?? findDirection(key);
  const directed = DIRECTED.find((bound) => gate[bound] !== undefined);
  if (direction === undefined && directed !== undefined && format === PLAIN_FORMAT) {
    return mistake(
      locate(path),
      `is no metric that mlgate knows, so \`${directed}\` cannot tell which way is worse.`,
      'Add `direction: higher-is-better` or `direction: lower-is-better`; or name the `format` of the file, if it says which way is better.',
    );
  }
  const spreads = (['noise', 'folds', 'seeds'] as const).filter(
    (word) => gate[word] !== undefined && gate[word] !== false,
  );
  if (spreads.length > 1) {
    return mistake(
      locate([...path, spreads[1] ?? 'folds']),
      `says how the number varies, as \`${spreads[0] ?? 'noise'}\` does.`,
      'Keep one of `noise`, `folds` and `seeds`.',
    );
  }
  const bounds = boundsOf(gate);
  const found = findContradiction(bounds);
  if (found !== undefined) return mistakeIn(found, path, locate);
  return {
    kind: 'gate',
    gate: {
      about: { metricsFile: file },
      metric: key,
      ...(direction === undefined ? {} : { direction }),
      ...(gate.noise === undefined ? {} : { noise: gate.noise }),
      ...(gate.folds === undefined ? {} : { folds: gate.folds }),
      ...(gate.seeds === true ? { seeds: true } : {}),
      ...placeBounds(bounds, gate.severity, path, locate),
    },
  };
}
