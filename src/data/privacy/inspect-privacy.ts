import type { PersonalAnswer, PersonalCells } from '../../engine/personal/personal-request.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import { binomialCdf } from '../../statistics/distributions.ts';
import { findColumns, type ColumnFinding } from '../findings/collect-findings.ts';
import { listColumns, type InspectedDataset } from '../findings/inspected-dataset.ts';
import { wordPart } from '../findings/word-part.ts';
import { namesPersonal } from './looks-personal.ts';
import type { PersonalKind } from './personal-names.ts';

/** Chance, for one column and detector, at which so many cells that pass are no chance any more. */
const CHANCE = 1e-6;

/** Share of the cells of a form that must pass its check digit. */
const LEAST_PASSING = 0.8;

/** Detectors that a sentence names. */
const MAX_NAMED = 3;

/** Columns with personal data, measured. No value of any cell is in it. */
export async function inspectPrivacy(inspected: InspectedDataset): Promise<readonly DataFinding[]> {
  const { engine, source, options, dataset } = inspected;
  const columns = await listColumns(inspected);
  const answer = await engine.inspectTable({ kind: 'personal', source, columns }, options);
  return findColumns({ dataset, kind: 'PERSONAL_DATA' }, columns.length, findPersonal(answer));
}

/** The columns that hold personal data by their names or by what their cells are. */
export function findPersonal({ columns, found }: PersonalAnswer): readonly ColumnFinding[] {
  return columns.flatMap(({ name, present, values }) => {
    if (present === 0) return [];
    const kind = namesPersonal(name);
    const named = kind !== undefined && isTelling(kind, values) ? kind : undefined;
    const detected = rankDetectors(found.filter((cells) => cells.column === name && isConvincing(cells)));
    const [best] = detected;
    if (named === undefined && best === undefined) return [];
    const cells = Math.min(present, best?.cells ?? present);
    return [
      {
        column: name,
        value: cells / present,
        count: cells,
        n: present,
        detail: `${[...(named === undefined ? [] : [`by its name it looks personal (${named.replaceAll('-', ' ')})`]), ...wordDetected(detected, present)].join('; ')}.`,
      },
    ];
  });
}

/** A column of one or two values is a flag or a constant, whatever it is called; race or religion may have two. */
function isTelling(kind: PersonalKind, values: number): boolean {
  return values > 2 || kind === 'special-category';
}

/**
 * Ids that happen to pass a check digit must not look like card numbers: almost all cells of the form must pass, and so
 * many that it is no chance.
 */
function isConvincing({ shaped, cells, chance }: PersonalCells): boolean {
  if (cells === 0 || cells < LEAST_PASSING * shaped) return false;
  return chance === 0 || 1 - binomialCdf(cells - 1, shaped, chance) < CHANCE;
}

/** What most cells are, and of equals what is least by chance. */
function rankDetectors(found: readonly PersonalCells[]): readonly PersonalCells[] {
  return found
    .toSorted((one, other) => other.cells - one.cells || one.chance - other.chance)
    .slice(0, MAX_NAMED);
}

function wordDetected(detected: readonly PersonalCells[], present: number): readonly string[] {
  return detected.map(
    ({ name, cells, isSample }) =>
      `${isSample ? 'about ' : ''}${wordPart(Math.min(cells, present), present, 'cell')}: ${name}`,
  );
}
