import { inspectIntegrity } from '../../data/integrity/inspect-integrity.ts';
import { makeFindingsStep } from './findings-step.ts';

/** Faults that no schema names. */
export const integrityStep = makeFindingsStep('integrity', inspectIntegrity);
