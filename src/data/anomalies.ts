/**
 * The catalogue of what can be wrong with a dataset. Names are those of TensorFlow Data Validation where it has one
 * for the same condition (https://www.tensorflow.org/tfx/data_validation/anomalies), so that people find what they know.
 */
import { CELL_ANOMALIES } from './anomalies/cell-anomalies.ts';
import { COMPARISON_ANOMALIES } from './anomalies/comparison-anomalies.ts';
import { FILE_ANOMALIES } from './anomalies/file-anomalies.ts';
import { TABLE_ANOMALIES } from './anomalies/table-anomalies.ts';
import type { Anomaly } from './anomalies/anomaly.ts';
import { FINDING_KINDS } from './findings/finding-kinds.ts';

export const ANOMALIES = [
  ...FILE_ANOMALIES,
  ...TABLE_ANOMALIES,
  ...CELL_ANOMALIES,
  ...COMPARISON_ANOMALIES,
  ...FINDING_KINDS,
] as const satisfies readonly Anomaly[];

export type AnomalyName = (typeof ANOMALIES)[number]['name'];

/** What to do about an anomaly. */
export function cureOf(name: AnomalyName): string {
  return ANOMALIES.find((anomaly) => anomaly.name === name)?.cure ?? '';
}
