import type {
  ErrorExample,
  EvidenceBody,
  LabelErrors,
  ModelErrors,
} from '../../../schemas/evidence.generated.ts';
import { countOf, formatCount, formatPercent } from '../../format-number.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';
import { writeNumber } from '../write-estimate.ts';

/** Labels that are likely to be wrong, in one sentence for each model. */
export function describeLabelErrors({ labelErrors = [] }: EvidenceBody): readonly string[] {
  return labelErrors
    .filter(({ estimated }) => estimated > 0)
    .map(
      ({ about, estimated, n }) =>
        `Some ${countOf(estimated, 'label')} more than chance explains, of ${formatCount(n)} in the test set of \`${nameSubject(about)}\`, ${estimated === 1 ? 'contradicts' : 'contradict'} a sure model: a model is measured no better than its labels.`,
    );
}

/** The most confident errors, and the labels that are likely to be wrong, by id. */
export function listModelErrors({ errors = [], labelErrors = [] }: EvidenceBody): readonly DetailTable[] {
  return [
    ...errors.filter((found) => found.examples.length > 0).map(describeErrors),
    ...labelErrors.filter((found) => found.examples.length > 0).map(describeLabels),
  ];
}

function describeErrors({
  about,
  loss = 'loss',
  n,
  topShare,
  lossShare,
  examples,
}: ModelErrors): DetailTable {
  return {
    title: `Most confident errors of ${nameSubject(about)}`,
    place: 'page',
    lead:
      topShare === undefined || lossShare === undefined
        ? []
        : [
            `The worst ${formatPercent(topShare)} of ${countOf(n, 'example')} carry ${formatPercent(Number(lossShare.toPrecision(2)))} of the whole ${loss}.`,
          ],
    columns: [
      { name: 'Example', kind: 'code' },
      { name: 'Truth', kind: 'code' },
      { name: 'Answer', kind: 'code' },
      { name: 'Loss', kind: 'number' },
    ],
    rows: examples.map((example) => [
      String(example.id),
      String(example.target),
      writeAnswer(example),
      writeNumber(example.loss),
    ]),
    figures: [],
  };
}

function writeAnswer({ predicted, score }: ErrorExample): string {
  const answer = typeof predicted === 'number' ? writeNumber(predicted) : String(predicted);
  return score === undefined ? answer : `${answer} (${writeNumber(score)})`;
}

function describeLabels({ about, estimated, examples }: LabelErrors): DetailTable {
  return {
    title: `Labels that look wrong, of ${nameSubject(about)}`,
    place: 'page',
    lead: [
      `By confident learning some ${countOf(estimated, 'label')} more than chance explains; the likeliest first. Look at them before you trust or blame the model. Nothing is judged by this.`,
    ],
    columns: [
      { name: 'Example', kind: 'code' },
      { name: 'Label', kind: 'code' },
      { name: 'Likelier', kind: 'code' },
      { name: 'Probability of its label', kind: 'number' },
    ],
    rows: examples.map(({ id, given, likely, score }) => [String(id), given, likely, writeNumber(score)]),
    figures: [],
  };
}
