import type { Check } from '../schemas/evidence.generated.ts';

/** A bound that needs what could not be read: it is not judged twice. */
export function skipCheck(
  bound: Omit<Check, 'verdict' | 'reason' | 'message'>,
  what: string,
  why: string,
): Check {
  const message = `${what} was not judged, because ${why} could not be used.`;
  return { ...bound, verdict: 'skipped', reason: 'depends-on-failed-check', message };
}
