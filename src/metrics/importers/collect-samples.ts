import { UserError } from '../../evidence/errors.ts';
import type { ImportedSamples } from './importer.ts';

/** Most grades that one sample has; a file with more names them by the sample. */
const MAX_GRADES = 500;

/**
 * Grades of samples by their ids as columns: NaN where a sample lacks one.
 * @param byId grades by their names, for each sample
 * @throws UserError where the grades have more names than a tool has metrics
 */
export function collectSamples(
  name: string,
  byId: ReadonlyMap<string, ReadonlyMap<string, number>>,
  file: string,
): ImportedSamples {
  const names = new Set<string>();
  for (const grades of byId.values()) for (const key of grades.keys()) names.add(key);
  if (names.size > MAX_GRADES) {
    throw new UserError(`${file} has ${names.size} different grades; at most ${MAX_GRADES} are read.`, {
      help: 'Check that the names of the metrics do not carry the ids of the samples.',
    });
  }
  const samples = [...byId.values()];
  return {
    name,
    ids: [...byId.keys()],
    grades: Object.fromEntries(
      Array.from(names, (key) => [key, samples.map((grades) => grades.get(key) ?? Number.NaN)]),
    ),
  };
}
