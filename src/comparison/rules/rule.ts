import type { MetricDefinition } from '../../metrics/definition.ts';
import type { Check, ConfigSource } from '../../schemas/evidence.generated.ts';
import type { MetricGate } from '../gate.ts';
import type { Combination } from './rule-syntax.ts';

/** One comparison of a rule, with the catalogue's names and in the metric's own unit. */
export interface Condition {
  readonly kind: 'condition';
  /** `change`: candidate against baseline, turned so that positive is better. */
  readonly quantity: 'value' | 'change';
  readonly about: MetricGate['about'];
  readonly metric: string;
  /** Undefined only for a value whose better side nobody knows. */
  readonly direction: MetricDefinition['direction'] | undefined;
  readonly bound: 'at-least' | 'at-most';
  /** In the metric's own unit, or as a share of the baseline's value. */
  readonly threshold: number;
  readonly relative: boolean;
  /** As it is written. */
  readonly text: string;
}

export type ConditionTree = Condition | Combination<ConditionTree>;

export interface Rule {
  readonly name: string;
  readonly tree: ConditionTree;
  /** As it is written, on one line. */
  readonly text: string;
  readonly severity: Check['severity'];
  /** Where it stands in the config. */
  readonly source: ConfigSource;
}

/** The conditions of a rule, from left to right. */
export function listConditions(tree: ConditionTree): readonly Condition[] {
  return tree.kind === 'condition' ? [tree] : tree.parts.flatMap(listConditions);
}
