import { holdsPersonalData } from '../../engine/personal/detectors.ts';
import type { ColumnIntegrity, IntegrityAnswer } from '../../engine/inspections.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import { findColumns, findNothing, findWhole, type ColumnFinding } from '../findings/collect-findings.ts';
import type { FindingName } from '../findings/finding-kinds.ts';
import { listColumns, type InspectedDataset } from '../findings/inspected-dataset.ts';
import { wordPart } from '../findings/word-part.ts';
import { namesPersonal } from '../privacy/looks-personal.ts';
import { countOf, joinNames, showCount, showName, showShare } from '../word-condition.ts';

/** Rows from which a value that is almost everywhere is worth a word. */
const LEAST_ROWS = 1000;

/** A type that few cells have is a fault up to this share; beyond it the column is simply mixed. */
const RARE_SHARE = 0.1;

/** Numbers among text are a fault where the texts are categories: so few values, and so small a share. */
const FEW_CATEGORIES = 100;
const RARE_NUMBERS = 0.02;

/** Null spellings that a sentence names. */
const MAX_SPELLINGS = 5;

/** Faults of a table that no schema names, measured. */
export async function inspectIntegrity(inspected: InspectedDataset): Promise<readonly DataFinding[]> {
  const { dataset, engine, source, roles, options } = inspected;
  const columns = await listColumns(inspected);
  const label = roles.label !== undefined && columns.includes(roles.label) ? roles.label : undefined;
  const answer = await engine.inspectTable(
    {
      kind: 'integrity',
      source,
      columns,
      rowColumns: columns.filter((column) => !(roles.id ?? []).includes(column)),
      mayShow: columns.filter((column) => namesPersonal(column) === undefined),
      ...(label === undefined ? {} : { label }),
    },
    options,
  );
  return [
    findWhole(
      { dataset, kind: 'DUPLICATE_ROWS' },
      {
        value: share(answer.duplicateRows, answer.rows),
        count: answer.duplicateRows,
        n: answer.rows,
        detail: `${wordPart(answer.duplicateRows, answer.rows, 'row')} ${answer.duplicateRows === 1 ? 'repeats' : 'repeat'} an earlier one.`,
      },
    ),
    ...COLUMN_FAULTS.flatMap(({ kind, find }) =>
      findColumns(
        { dataset, kind },
        answer.columns.length,
        answer.columns.flatMap((column) => {
          const finding = find(column, answer.rows);
          return finding === undefined ? [] : [{ column: column.name, ...finding }];
        }),
      ),
    ),
    ...describeLabels(dataset, roles.label, answer),
  ];
}

function share(count: number, of: number): number {
  return of === 0 ? 0 : count / of;
}

type Finding = Omit<ColumnFinding, 'column'>;

const COLUMN_FAULTS: readonly {
  readonly kind: FindingName;
  readonly find: (column: ColumnIntegrity, rows: number) => Finding | undefined;
}[] = [
  {
    kind: 'DUPLICATE_COLUMNS',
    find: ({ sameAs, present }) =>
      sameAs === undefined
        ? undefined
        : { value: 1, count: present, detail: `it has the values of ${showName(sameAs)} in every row.` },
  },
  { kind: 'CONSTANT_COLUMN', find: findConstant },
  { kind: 'MIXED_NULL_SPELLINGS', find: findNullSpellings },
  { kind: 'MIXED_TYPES', find: findMixedTypes },
  { kind: 'SPELLING_VARIANTS', find: findVariants },
  {
    kind: 'JUNK_CHARACTERS',
    find: ({ junk, present }) =>
      junk === 0
        ? undefined
        : {
            value: share(junk, present),
            count: junk,
            n: present,
            detail: `${wordPart(junk, present, 'cell')} ${junk === 1 ? 'has' : 'have'} control characters, or text decoded in a wrong way.`,
          },
  },
];

function findConstant(
  { present, mostFrequent = 0, values }: ColumnIntegrity,
  rows: number,
): Finding | undefined {
  if (rows < 2) return undefined;
  if (present === 0) return { value: 1, count: rows, n: rows, detail: 'no row has a value.' };
  if (values === 1 && present === rows) {
    return { value: 1, count: rows, n: rows, detail: `all ${countOf(rows, 'row')} have one value.` };
  }
  const most = share(mostFrequent, rows);
  return rows < LEAST_ROWS || most < 0.95
    ? undefined
    : {
        value: most,
        count: mostFrequent,
        n: rows,
        detail: `one value has ${wordPart(mostFrequent, rows, 'row')}.`,
      };
}

function findNullSpellings({ nullSpellings, present }: ColumnIntegrity, rows: number): Finding | undefined {
  const empty = rows - present;
  const ways = nullSpellings.length + (empty > 0 ? 1 : 0);
  if (ways < 2) return undefined;
  const texts = nullSpellings
    .slice(0, MAX_SPELLINGS)
    .map(({ text, count }) => `${showName(text)} (${showCount(count)})`);
  const told = [...(empty > 0 ? [`an empty cell (${showCount(empty)})`] : []), ...texts].join(', ');
  const count = nullSpellings.reduce((sum, spelling) => sum + spelling.count, 0);
  return { value: ways, count, n: rows, detail: `what is missing is written in ${ways} ways: ${told}.` };
}

function findMixedTypes(column: ColumnIntegrity): Finding | undefined {
  const { booleans, numbers, present, values } = column;
  const nulls = column.nullSpellings.reduce((sum, { count }) => sum + count, 0);
  const texts = column.texts - nulls;
  const all = present - nulls;
  const others = texts + booleans;
  if (numbers > 0 && others > 0 && share(others, all) <= RARE_SHARE) {
    return {
      value: share(others, all),
      count: others,
      n: all,
      detail: `${wordPart(others, all, 'cell')} ${others === 1 ? 'is' : 'are'} not a number, as the rest are.`,
    };
  }
  const areCategories = values !== undefined && values <= FEW_CATEGORIES;
  return texts > 0 && numbers > 0 && areCategories && share(numbers, all) <= RARE_NUMBERS
    ? {
        value: share(numbers, all),
        count: numbers,
        n: all,
        detail: `${wordPart(numbers, all, 'cell')} ${numbers === 1 ? 'is a number' : 'are numbers'} among texts.`,
      }
    : undefined;
}

function findVariants({
  variants: { groups, cells, examples },
  present,
}: ColumnIntegrity): Finding | undefined {
  if (groups === 0) return undefined;
  const shown = examples.filter((example) => !holdsPersonalData(example));
  return {
    value: share(cells, present),
    count: cells,
    n: present,
    detail: `${countOf(groups, 'value')} ${groups === 1 ? 'is' : 'are'} spelled in several ways that differ in case or white space only (${showShare(share(cells, present))} of the cells)${shown.length === 0 ? '' : `: ${shown.join('; ')}`}.`,
  };
}

function describeLabels(
  dataset: string,
  label: string | undefined,
  { labels }: IntegrityAnswer,
): readonly DataFinding[] {
  if (label === undefined) return [];
  const [conflicting, rare] = [
    { dataset, kind: 'CONFLICTING_LABELS' },
    { dataset, kind: 'RARE_LABEL' },
  ] as const;
  if (labels === undefined) {
    const why = `The table has no column ${joinNames([label])}.`;
    return [findNothing(conflicting, why), findNothing(rare, why)];
  }
  const { labelled, classes, rarest = 0 } = labels;
  if (classes === undefined) {
    const detail = `${showName(label)} has too many values to be one of classes.`;
    return [
      findWhole(conflicting, { value: 0, count: 0, n: labelled, detail }),
      findWhole(rare, { value: 1, n: labelled, detail }),
    ];
  }
  return [
    findWhole(conflicting, {
      value: share(labels.conflicting, labelled),
      count: labels.conflicting,
      n: labelled,
      detail: `${wordPart(labels.conflicting, labelled, 'row')} ${labels.conflicting === 1 ? 'has' : 'have'} the values of another row and another label.`,
    }),
    findWhole(rare, {
      value: share(rarest, labelled),
      count: rarest,
      n: labelled,
      detail: `The rarest of ${countOf(classes, 'label')} has ${wordPart(rarest, labelled, 'row')}.`,
    }),
  ];
}
