import { inspectPrivacy } from '../../data/privacy/inspect-privacy.ts';
import { makeFindingsStep } from './findings-step.ts';

/** Personal data in columns that may not hold such. */
export const privacyStep = makeFindingsStep('privacy', inspectPrivacy);
