import { adjustPValues } from '../statistics/multiple-testing.ts';
import type { Answer } from './judge-metrics.ts';
import { formatPercent, formatPlain } from './format-number.ts';

/**
 * Holm's correction, because of many tests one looks broken by chance. Two families of each model: its margins, whole and
 * by slice; and what its slices must keep by themselves (`at-least`, `at-most`, `max-gap`). A failure that does not
 * survive is undecided. That nothing is worse needs no correction, because each of them must pass (an intersection-union
 * test). A test without a p-value counts as one that was made.
 * Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70; R. L. Berger, Technometrics 24 (1982) 295-300.
 */
export function correctForMany(answers: readonly Answer[], alpha: number): readonly Answer[] {
  const families = new Map<string, Answer[]>();
  for (const answer of answers) {
    const family = familyOf(answer);
    if (family === undefined) continue;
    const { model, metricsFile } = answer.gate.about;
    const key = JSON.stringify([family, model, metricsFile]);
    families.set(key, [...(families.get(key) ?? []), answer]);
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

type Family = 'margins' | 'bounds of slices';

/** Undefined where nothing is tested: a number without uncertainty, or a slice that must be there. */
function familyOf({ bound, gate, metric }: Answer): Family | undefined {
  if (bound === 'max-regression') return metric?.comparison?.method === 'point-rule' ? undefined : 'margins';
  const isOwn = bound === 'at-least' || bound === 'at-most' || bound === 'max-gap';
  return isOwn && gate.about.slice !== undefined ? 'bounds of slices' : undefined;
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
  const message = `${judgement.message} But ${family} ${familyOf(answer) ?? 'margins'} are tested here, and of so many one looks broken by chance: the p-value is ${formatPlain(judgement.pWorse)}, and ${formatPlain(adjustedP)} after Holm's correction, above the ${formatPercent(alpha)} of \`alpha\`.`;
  return { ...answer, judgement: { verdict: 'inconclusive', reason: 'multiplicity', message, correction } };
}
