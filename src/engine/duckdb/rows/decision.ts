/** What SQL can tell of a schema and a value: logic of three values, in two conditions that are never NULL. */

/**
 * Two conditions of which never both are true. Where neither is, only JavaScript can tell; where `isExact`, one of them
 * always is.
 */
export interface Decision {
  readonly holds: string;
  readonly breaks: string;
  readonly isExact: boolean;
}

export const HOLDS: Decision = { holds: 'true', breaks: 'false', isExact: true };
export const BREAKS: Decision = { holds: 'false', breaks: 'true', isExact: true };
export const UNKNOWN: Decision = { holds: 'false', breaks: 'false', isExact: false };

/** A longer condition takes the database longer to plan than JavaScript takes for the rows. */
const MAXIMUM_LENGTH = 50_000;

/** @param holds never NULL */
export function decide(holds: string): Decision {
  return bound({ holds, breaks: `NOT (${holds})`, isExact: true });
}

function bound(decision: Decision): Decision {
  return decision.holds.length + decision.breaks.length > MAXIMUM_LENGTH ? UNKNOWN : decision;
}

function join(conditions: readonly string[], operator: 'AND' | 'OR'): string {
  return conditions.map((condition) => `(${condition})`).join(` ${operator} `);
}

function isConstant(decision: Decision, constant: Decision): boolean {
  return decision.isExact && decision.holds === constant.holds;
}

export function decideAll(parts: readonly Decision[]): Decision {
  if (parts.some((part) => isConstant(part, BREAKS))) return BREAKS;
  const open = parts.filter((part) => !isConstant(part, HOLDS));
  const [first, ...others] = open;
  if (first === undefined) return HOLDS;
  if (others.length === 0) return first;
  const holds = join(
    open.map((part) => part.holds),
    'AND',
  );
  if (open.every(({ isExact }) => isExact)) return decide(holds);
  return bound({
    holds,
    breaks: join(
      open.map((part) => part.breaks),
      'OR',
    ),
    isExact: false,
  });
}

export function negate({ holds, breaks, isExact }: Decision): Decision {
  return { holds: breaks, breaks: holds, isExact };
}

export function decideAny(parts: readonly Decision[]): Decision {
  return negate(decideAll(parts.map(negate)));
}

function countTrue(conditions: readonly string[]): string {
  return conditions.map((condition) => `CAST((${condition}) AS INTEGER)`).join(' + ');
}

/** Exactly one of them. */
export function decideOne(parts: readonly Decision[]): Decision {
  const holding = countTrue(parts.map(({ holds }) => holds));
  if (parts.every(({ isExact }) => isExact)) return decide(`(${holding}) = 1`);
  const breaking = countTrue(parts.map(({ breaks }) => breaks));
  return bound({
    holds: `(${holding}) = 1 AND (${breaking}) = ${parts.length - 1}`,
    breaks: `(${holding}) > 1 OR (${breaking}) = ${parts.length}`,
    isExact: false,
  });
}

/** `then` where the condition holds, `otherwise` where it breaks. */
export function decideIf(condition: Decision, then: Decision, otherwise: Decision): Decision {
  return decideAll([decideAny([negate(condition), then]), decideAny([condition, otherwise])]);
}

/** What is only asked where a condition of SQL is true; it is never NULL. */
export function decideWhere(condition: string, decision: Decision): Decision {
  return decideAny([decide(`NOT (${condition})`), decision]);
}
