/** Checks on a model's files, as opposed to bounds on its metrics. */
import { boundSentence } from '../evidence/bound-text.ts';
import { listBounds, type MetricGate } from '../comparison/gate.ts';
import { gateCheckId } from '../comparison/judge-metrics.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { MAX_SLICES } from '../outcomes/slices.ts';
import type { Pairing } from '../outcomes/pair-outcomes.ts';
import type { Check } from '../schemas/evidence.generated.ts';

type Locate = ParsedConfig['locate'];

/** Says that the predictions could be used: a model without bounds has an answer too. */
export function reportRead(model: string, rows: number, locate: Locate): Check {
  return {
    id: `model/${model}/predictions`,
    name: 'predictions',
    about: { model },
    verdict: 'pass',
    severity: 'fail',
    observed: rows,
    rows,
    message: `${rows.toLocaleString('en-US')} examples were read.`,
    source: locate(['models', model, 'predictions']),
  };
}

/**
 * Whether the candidate could be paired with predictions that the config gives for the baseline: they are at hand, so
 * ids that do not match are refused, also where no margin asks for a comparison.
 */
export function reportGiven(model: string, path: string, pairing: Pairing, locate: Locate): Check {
  const base = givenCheck(model, locate);
  if (pairing.kind === 'paired') {
    const rows = pairing.pair.candidate.n;
    const message = `${rows.toLocaleString('en-US')} examples were paired with those of \`${path}\`.`;
    return { ...base, verdict: 'pass', observed: rows, rows, message };
  }
  const { reason, detail } = pairing;
  return {
    ...base,
    verdict: reason === 'unmatched-ids' ? 'fail' : 'inconclusive',
    reason,
    message: boundSentence(`${detail} Predict the same examples, with the same targets, with both models.`),
  };
}

function givenCheck(model: string, locate: Locate) {
  return {
    id: `model/${model}/baseline-predictions`,
    name: 'baseline-predictions',
    about: { model },
    severity: 'fail',
    source: locate(['models', model, 'baseline-predictions']),
  } as const;
}

/** The same where nothing is paired. */
export function reportGivenUnpaired(model: string, path: string, rows: number, locate: Locate): Check {
  const message = `${rows.toLocaleString('en-US')} examples of \`${path}\` were read, to be compared without pairing.`;
  return { ...givenCheck(model, locate), verdict: 'pass', observed: rows, rows, message };
}

/** Says that some slices were left out: a margin that is not judged must not look like one that holds. */
export function reportSurplusSlices(
  model: string,
  found: number,
  severity: Check['severity'],
  locate: Locate,
): Check {
  return {
    id: `model/${model}/slices/count`,
    name: 'count',
    about: { model },
    verdict: 'fail',
    severity,
    observed: found,
    expected: MAX_SLICES,
    message: `\`slices.by\` makes ${found.toLocaleString('en-US')} slices, of which only the ${MAX_SLICES} largest were compared. Take out a column or a crossing, or write columns with fewer values.`,
    source: locate(['models', model, 'slices', 'by']),
  };
}

/** What is wrong with another predictions file than the candidate's: the same findings, under that file's key. */
export function renameFindings(
  model: string,
  key: readonly string[],
  checks: readonly Check[],
  locate: Locate,
): readonly Check[] {
  return checks.map((check) => ({
    ...check,
    id: check.id.replace(`model/${model}/predictions/`, `model/${model}/${key.join('/')}/`),
    source: locate(['models', model, ...key]),
  }));
}

/** A bound that needs what could not be read is not judged twice. */
export function skipGate(gate: MetricGate, why: string): readonly Check[] {
  return listBounds(gate).map((word) => ({
    id: gateCheckId(gate, word),
    name: word,
    about: gate.about,
    metric: gate.metric,
    verdict: 'skipped',
    reason: 'depends-on-failed-check',
    severity: gate.severity,
    message: `${gate.metric} was not judged, because ${why} could not be used.`,
    source: gate.boundSources[word] ?? gate.source,
  }));
}
