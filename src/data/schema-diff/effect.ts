/** What the change of a schema does to the data that it allows: see `SchemaEffect`. */
import type { SchemaEffect } from '../../schemas/schema-diff.generated.ts';

export type Effect = SchemaEffect;

/** The effect of a change inside of a `not`. */
export function flipEffect(effect: Effect): Effect {
  if (effect === 'loosening') return 'tightening';
  return effect === 'tightening' ? 'loosening' : effect;
}

/** The effect of several changes to what must hold together. */
export function joinEffects(effects: readonly Effect[]): Effect {
  if (effects.includes('unknown')) return 'unknown';
  const loosens = effects.some((effect) => effect === 'loosening' || effect === 'both');
  const tightens = effects.some((effect) => effect === 'tightening' || effect === 'both');
  if (loosens && tightens) return 'both';
  return loosens ? 'loosening' : tightens ? 'tightening' : 'none';
}

/** The effect of a list of demands, or of refusals, of which some are new and some are gone. */
export function effectOfDemands(added: number, removed: number): Effect {
  return joinEffects([
    ...(added > 0 ? ['tightening' as const] : []),
    ...(removed > 0 ? ['loosening' as const] : []),
  ]);
}

/** The effect of moving a bound; undefined where there is none. */
export function effectOfBound(
  side: 'lower' | 'upper',
  before: number | undefined,
  after: number | undefined,
): Effect {
  const none = side === 'lower' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const [old, now] = [before ?? none, after ?? none];
  if (old === now) return 'none';
  return now > old === (side === 'lower') ? 'tightening' : 'loosening';
}
