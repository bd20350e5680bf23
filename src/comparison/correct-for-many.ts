import { adjustPValues } from '../statistics/multiple-testing.ts';
import type { Answer } from './judge-metrics.ts';
import { formatPercent, formatPlain } from './format-number.ts';

/**
 * Holm's correction over all margins of a model, whole and by slice: with many of them one looks broken by chance. A
 * failure that does not survive is undecided. That nothing is worse needs no correction, because each of them must
 * pass (an intersection-union test). A margin without a p-value counts as one that was tested.
 * Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70; R. L. Berger, Technometrics 24 (1982) 295-300.
 */
export function correctForMany(answers: readonly Answer[], alpha: number): readonly Answer[] {
  const families = new Map<string, Answer[]>();
  for (const answer of answers.filter(isTest)) {
    const { model, metricsFile } = answer.gate.about;
    const subject = JSON.stringify([model, metricsFile]);
    families.set(subject, [...(families.get(subject) ?? []), answer]);
  }
  const corrected = new Map<Answer, Answer>();
  for (const family of families.values()) {
    if (family.length < 2) continue;
    const adjusted = adjustPValues(
      family.map(({ judgement }) => judgement.pWorse ?? 1),
      'holm',
    );
    family.forEach((answer, index) => {
      corrected.set(
        answer,
        correct(answer, { adjustedP: adjusted[index] ?? 1, family: family.length }, alpha),
      );
    });
  }
  return answers.map((answer) => corrected.get(answer) ?? answer);
}

/** A number without uncertainty is no test. */
function isTest({ bound, metric }: Answer): boolean {
  return bound === 'max-regression' && metric?.comparison?.method !== 'point-rule';
}

function correct(
  answer: Answer,
  correction: { readonly adjustedP: number; readonly family: number },
  alpha: number,
): Answer {
  const { judgement } = answer;
  // Failures for another reason than a tested margin, such as unmatched ids, stand.
  if (judgement.verdict !== 'fail' || judgement.pWorse === undefined) return answer;
  if (correction.adjustedP <= alpha) return { ...answer, judgement: { ...judgement, correction } };
  const { adjustedP, family } = correction;
  const message = `${judgement.message} But ${family} margins are tested here, and of so many one looks broken by chance: the p-value is ${formatPlain(judgement.pWorse)}, and ${formatPlain(adjustedP)} after Holm's correction, above the ${formatPercent(alpha)} of \`alpha\`.`;
  return { ...answer, judgement: { verdict: 'inconclusive', reason: 'multiplicity', message, correction } };
}
