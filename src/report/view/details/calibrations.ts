import type { Calibration, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { countOf } from '../../format-number.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';
import { writeEstimate, writeNumber, writeP } from '../write-estimate.ts';

/** Whether the probabilities of each model are what they say. */
export function listCalibrations({ calibrations = [] }: EvidenceBody): readonly DetailTable[] {
  return calibrations.map((calibration) => ({
    title: `Calibration of ${nameSubject(calibration.about)}`,
    place: 'folded',
    lead: [
      `${countOf(calibration.n, 'example')} in ${countOf(calibration.bins, 'bin')} with as many examples each.`,
    ],
    columns: [
      { name: 'Measure', kind: 'text' },
      { name: 'Value', kind: 'text' },
      { name: 'If calibrated', kind: 'text' },
      { name: 'What it says', kind: 'text' },
    ],
    rows: listMeasures(calibration),
    figures: [],
  }));
}

function listMeasures({
  error,
  slope,
  intercept,
  spiegelhalter,
  brier,
}: Calibration): readonly (readonly string[])[] {
  return [
    ...(error === undefined
      ? []
      : [
          [
            'Calibration error, debiased',
            writeEstimate(error.value, error.interval),
            '0',
            `how far predicted and observed shares are apart${error.plain === undefined ? '' : `; without the correction ${writeNumber(error.plain)}`}`,
          ],
        ]),
    ...(slope === undefined
      ? []
      : [
          [
            'Slope (Cox)',
            writeEstimate(slope.value, slope.interval),
            '1',
            'below 1: too sure of itself; above 1: not sure enough',
          ],
        ]),
    ...(intercept === undefined
      ? []
      : [
          [
            'Intercept (Cox)',
            writeEstimate(intercept.value, intercept.interval),
            '0',
            'below 0: probabilities too high; above 0: too low',
          ],
        ]),
    ...(spiegelhalter === undefined
      ? []
      : [
          [
            'Spiegelhalter z',
            writeNumber(spiegelhalter.z),
            '0',
            `p of perfect calibration ${writeP(spiegelhalter.p)}`,
          ],
        ]),
    ...(brier === undefined
      ? []
      : [
          [
            'Brier score in parts',
            `${writeNumber(brier.reliability)} − ${writeNumber(brier.resolution)} + ${writeNumber(brier.uncertainty)} ${brier.within < 0 ? '−' : '+'} ${writeNumber(Math.abs(brier.within))}`,
            '',
            'reliability (lower is better) − resolution (higher is better) + uncertainty of the target + rest within bins',
          ],
        ]),
  ];
}
