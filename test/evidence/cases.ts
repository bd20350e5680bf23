import { makeEvidence } from '../../src/evidence/evidence.ts';
import type {
  Check,
  Evidence,
  EvidenceBody,
  EvidenceSource,
  Metric,
  Policy,
} from '../../src/schemas/evidence.generated.ts';

export const POLICY: Policy = {
  digest: 'a'.repeat(64),
  enforce: true,
  alpha: 0.05,
  inconclusive: 'warn',
  noBaseline: 'warn',
};

const SOURCE: EvidenceSource = { commit: 'c'.repeat(40) };

export function checkOf(id: string, changes: Partial<Check> = {}): Check {
  return {
    id,
    name: 'MIN',
    about: { dataset: 'customers' },
    verdict: 'pass',
    severity: 'fail',
    message: 'As it should be.',
    ...changes,
  };
}

export function metricOf(name: string, changes: Partial<Metric> = {}): Metric {
  return {
    name,
    definition: 1,
    about: { model: 'churn' },
    value: 0.9,
    direction: 'higher-is-better',
    ...changes,
  };
}

export function bodyOf(changes: Partial<EvidenceBody> = {}): EvidenceBody {
  return {
    tool: { name: 'mlgate', version: '0.1.0' },
    seed: 1,
    policy: POLICY,
    verdict: 'pass',
    subjects: [],
    inputs: [],
    checks: [checkOf('data/customers/age/MIN')],
    metrics: [],
    figures: [],
    ...changes,
  };
}

export function evidenceOf(
  changes: Partial<EvidenceBody> = {},
  envelope: {
    readonly source?: EvidenceSource;
    readonly createdAt?: string;
    readonly durationSeconds?: number;
  } = {},
): Evidence {
  return makeEvidence(bodyOf(changes), {
    source: envelope.source ?? SOURCE,
    createdAt: new Date(envelope.createdAt ?? '2026-11-03T12:00:00Z'),
    durationSeconds: envelope.durationSeconds ?? 1.5,
  });
}
