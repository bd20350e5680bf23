import type { Engine, ExamplePlan, ExampleRow, Examples } from '../../engine/engine.ts';
import { holdsPersonalData } from '../../engine/personal/detectors.ts';
import type { TableQuestion, TableQuestionAnswer } from '../../engine/table-questions.ts';
import { namesPersonal } from './looks-personal.ts';

/** What stands for a value that nobody should see. */
export const WITHHELD = '(not shown: personal data)';

/**
 * An engine that shows no personal data: examples of columns that hold such by their names, and values that are such by
 * their form, come without what they say. Their rows are still told.
 * @param personal columns that are known to hold such by more than their names
 */
export function withholdPersonal<Asked extends Pick<Engine, 'findExamples' | 'askTable'>>(
  engine: Asked,
  personal: ReadonlySet<string>,
): Asked {
  return {
    ...engine,
    findExamples: async (plan, options) =>
      withholdExamples(plan, await engine.findExamples(plan, options), personal),
    askTable: async (source, question, others, options) => {
      const answer = await engine.askTable(source, question, others, options);
      if (answer.kind === 'groups') return withholdGroups(question, answer, personal);
      const named =
        question.kind === 'query' ? listNamed(question.sql, answer.examples, personal) : listTexts(question);
      return { ...answer, examples: withholdRows(named, answer.examples, personal) };
    },
  };
}

/** Of groups by personal data their numbers are told: names of groups become names of checks. */
function withholdGroups(
  question: TableQuestion,
  answer: TableQuestionAnswer & { readonly kind: 'groups' },
  personal: ReadonlySet<string>,
): TableQuestionAnswer {
  const by = question.kind === 'groups' ? question.by : [];
  const groups = answer.groups.map((group, index) => {
    const shown = withholdRows(
      by,
      group.values.map((value) => ({ row: 1, value })),
      personal,
    );
    return {
      ...group,
      values: shown
        .map(({ value }) => (value === WITHHELD ? `${WITHHELD} ${index + 1}` : String(value ?? '')))
        .map((value, at) => (group.values[at] === null ? null : value)),
    };
  });
  return { ...answer, groups };
}

function withholdExamples(
  { cells, rows = [], unique }: ExamplePlan,
  examples: Examples,
  personal: ReadonlySet<string>,
): Examples {
  const columns = new Map<string, readonly string[]>([
    ...cells.map(({ id, column }) => [id, [column]] as const),
    ...rows.map(({ id, shows }) => [id, shows] as const),
    ...unique.map(({ id, columns }) => [id, columns] as const),
  ]);
  return Object.fromEntries(
    Object.entries(examples).map(([id, found]) => [id, withholdRows(columns.get(id) ?? [], found, personal)]),
  );
}

function withholdRows(
  columns: readonly string[],
  examples: readonly ExampleRow[],
  personal: ReadonlySet<string>,
): readonly ExampleRow[] {
  const isPersonal = columns.some((column) => personal.has(column) || namesPersonal(column) !== undefined);
  return examples.map((example) => {
    const { value } = example;
    const isShown = value === undefined || value === null || typeof value === 'boolean';
    return isShown || !(isPersonal || holdsPersonalData(String(value)))
      ? example
      : { ...example, value: WITHHELD };
  });
}

/**
 * The columns that a query may show values of: what its text names, in whatever way, and what its rows name
 * themselves, since `FROM data` shows columns that no text names.
 */
function listNamed(
  text: string,
  examples: readonly ExampleRow[],
  personal: ReadonlySet<string>,
): readonly string[] {
  const shown = examples.map(({ value }) => String(value ?? '')).join('\n');
  const said = `${text}\n${shown}`.toLowerCase();
  return [
    ...[...personal].filter((column) => said.includes(column.toLowerCase())),
    ...text.split(/[^\p{L}\p{N}_]+/u),
    ...Array.from(text.matchAll(/"((?:[^"]|"")*)"/gu), ([, name = '']) => name.replaceAll('""', '"')),
    ...Array.from(shown.matchAll(/"((?:[^"\\]|\\.)*)":/gu), ([, name = '']) => name),
  ];
}

/** Every text within a question: columns stand in it in many ways, and a text too many only hides an example. */
function listTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(listTexts);
}
