import type { Evidence } from '../../schemas/evidence.generated.ts';

/**
 * The empty files by which TFX's Evaluator tells its Pusher whether a model may be pushed: one of the two lies in the
 * folder of the blessing. Source: tfx/components/evaluator/constants.py.
 */
export const BLESSINGS = ['BLESSED', 'NOT_BLESSED'] as const;

/** Nothing but a verdict of pass or warn blesses, whether or not the policy is enforced. */
export function chooseBlessing({ body: { verdict } }: Evidence): (typeof BLESSINGS)[number] {
  return verdict === 'pass' || verdict === 'warn' ? 'BLESSED' : 'NOT_BLESSED';
}
