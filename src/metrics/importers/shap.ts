/** SHAP values as JSON: `{"feature_names": […], "values": [[…], …]}`, the parts of `shap.Explanation`. */
import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  isAbsent,
  listOf,
  numberOf,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const SHAP: Importer = {
  format: 'shap',
  title: 'SHAP values (feature_names and values of an Explanation, as JSON)',
  tested: 'fixture',
  versions: 'SHAP 0.51.0 (its values; SHAP has no JSON of its own)',
  source: 'https://shap.readthedocs.io/en/latest/generated/shap.Explanation.html',
  recognise: async (source) => headHasKeys(source, ['feature_names', 'values']),
  read: async (source) => [await readExplanation(source)],
};

/**
 * The importance of a feature is the mean of its absolute values over the examples (over classes too, where there are
 * several), as `shap.plots.bar` has it; its standard error is that of the mean. `share` is its part of all.
 */
async function readExplanation(source: ForeignSource): Promise<ImportedRun> {
  const explanation = placeOf(await readJson(source), source.name);
  const names = listOf(at(explanation, 'feature_names')).map(textOf);
  const rows = listOf(at(explanation, 'values')).map((row) => readRow(row, names.length));
  const n = rows.length;
  if (n === 0 || names.length === 0) {
    throw new UserError(`${source.name} explains no example.`, {
      help: 'Check what the values were computed of.',
    });
  }
  const importances = names.map((name, feature) => {
    const values = rows.map((row) => row[feature] ?? Number.NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { name, mean, error: n < 2 ? undefined : Math.sqrt(squares / (n - 1) / n) };
  });
  const all = importances.reduce((sum, { mean }) => sum + mean, 0);
  return {
    id: '',
    status: 'complete',
    numbers: importances.flatMap(({ name, mean, error }): ImportedNumber[] => [
      { key: `mean_abs.${name}`, value: mean, n, ...(error === undefined ? {} : { standardError: error }) },
      { key: `share.${name}`, value: all === 0 ? Number.NaN : mean / all },
    ]),
    lists: [],
    results: [],
    samples: [],
    attributes: {
      examples: n,
      features: names.length,
      most_important: importances.reduce((most, one) => (one.mean > most.mean ? one : most)).name,
      ...(isAbsent(at(explanation, 'base_values')) ? {} : { has_base_values: true }),
    },
  };
}

/** Absolute values of one example by feature; of several classes their mean. */
function readRow(row: Place, features: number): readonly number[] {
  const cells = listOf(row);
  if (cells.length !== features) throw wrong(row, `a list of ${features}, one for each of \`feature_names\``);
  return cells.map((cell) => {
    if (!Array.isArray(cell.value)) return Math.abs(numberOf(cell));
    const values = listOf(cell).map((value) => Math.abs(numberOf(value)));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}
