import { boundSentence } from '../evidence/bound-text.ts';
import type { Check, CheckExample, ConfigSource } from '../schemas/evidence.generated.ts';

/** What is wrong with a predictions file. */
export interface FindingRequest {
  readonly model: string;
  /** Kind of finding; unique with the role in one file. */
  readonly name: string;
  /** The setting of `predictions` that it is about. */
  readonly role: string;
  readonly message: string;
  readonly reason?: Check['reason'];
  readonly rows?: number;
  readonly violations?: number;
  readonly examples?: readonly CheckExample[];
  readonly locate?: (path: readonly string[]) => ConfigSource;
}

/** A failed check about a predictions file. Its id is stable: `model/churn/predictions/id/unique`. */
export function makeFinding(request: FindingRequest): Check {
  const { model, name, role, message, reason, rows, violations, examples, locate } = request;
  const path = ['models', model, 'predictions', role];
  return {
    id: `model/${model}/predictions/${role}/${name}`,
    name,
    about: { model },
    verdict: 'fail',
    severity: 'fail',
    message: boundSentence(message),
    ...(reason === undefined ? {} : { reason }),
    ...(rows === undefined ? {} : { rows }),
    ...(violations === undefined ? {} : { violations }),
    ...(examples === undefined || examples.length === 0 ? {} : { examples }),
    ...(locate === undefined ? {} : { source: locate(path) }),
  };
}
