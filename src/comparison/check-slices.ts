/** What is wrong with the entries of `slices`, before any file is read. */
import { findNearest } from '../evidence/find-nearest.ts';
import { showPlace } from '../evidence/show-mistake.ts';
import { areEdges, nameBins } from '../outcomes/slice-bins.ts';
import { parseCondition } from '../evidence/row-condition.ts';
import { columnsOf, isBinned, isCondition, type SliceEntries } from '../outcomes/slice-entries.ts';
import { isAmbiguous } from '../outcomes/slices.ts';
import type { SlicesConfig } from '../schemas/config.generated.ts';
import type { ConfigSource } from '../schemas/evidence.generated.ts';

interface SliceMistake {
  readonly source: ConfigSource;
  readonly text: string;
  readonly help: string;
}

/** Mistakes in the entries by themselves and beside one another, and in the settings of the search. */
export function checkSliceEntries(
  slices: SlicesConfig,
  path: readonly string[],
  locate: (path: readonly string[]) => ConfigSource,
): readonly SliceMistake[] {
  const by = slices.by ?? [];
  const ofEntries = by.flatMap((_, index) => {
    const source = locate([...path, 'by', String(index)]);
    const found = explainEntry(by, index);
    return found === undefined ? [] : [{ source, ...found }];
  });
  return [...ofEntries, ...checkSearch(slices, locate([...path, 'search']))];
}

interface Explanation {
  readonly text: string;
  readonly help: string;
}

function explainEntry(by: SliceEntries, index: number): Explanation | undefined {
  const entry = by[index];
  if (entry === undefined) return undefined;
  const earlier = by.slice(0, index);
  if (typeof entry === 'object' && isCondition(entry)) return explainCondition(entry, earlier);
  if (typeof entry === 'object' && isBinned(entry)) return explainBins(entry, earlier);
  const columns = columnsOf([entry])[0] ?? [];
  if (columnsOf(earlier).some((others) => others.join('\n') === columns.join('\n'))) {
    return {
      text: `slices by \`${columns.join(', ')}\` a second time.`,
      help: 'Take one of them out; a column is sliced by its values or by bins, not by both.',
    };
  }
  return undefined;
}

function explainCondition(
  { name, where }: { readonly name: string; readonly where: string },
  earlier: SliceEntries,
): Explanation | undefined {
  const parsed = parseCondition(where);
  if (!parsed.ok) {
    return {
      text: `the condition of \`${name}\`, ${showPlace(where, parsed.mistake)}`,
      help: "A condition reads like `mass > 10 and time_of_day in ('Night', 'Dusk')`.",
    };
  }
  if (isAmbiguous(name)) {
    return {
      text: `\`${name}\` has signs that part columns and values in names of slices.`,
      help: 'Name a condition by words, without `=`, `,`, `"`, `\\` and `~`.',
    };
  }
  if (earlier.some((other) => isCondition(other) && other.name === name)) {
    return { text: `names two conditions \`${name}\`.`, help: 'Give each a name of its own.' };
  }
  return undefined;
}

function explainBins(
  {
    column,
    bins,
    edges,
  }: { readonly column: string; readonly bins?: number; readonly edges?: readonly number[] },
  earlier: SliceEntries,
): Explanation | undefined {
  if (bins !== undefined && edges !== undefined) {
    return {
      text: `gives \`${column}\` a number of bins and their edges.`,
      help: 'Keep `edges`, or `bins` for edges that the baseline freezes.',
    };
  }
  if (edges !== undefined && !areEdges(edges)) {
    return {
      text: `the edges of \`${column}\` do not ascend.`,
      help: 'Write them from the smallest to the largest.',
    };
  }
  if (earlier.some((other) => other === column || (isBinned(other) && other.column === column))) {
    return {
      text: `slices by \`${column}\` a second time.`,
      help: 'Take one of them out; a column is sliced by its values or by bins, not by both.',
    };
  }
  return undefined;
}

function checkSearch({ by = [], search }: SlicesConfig, source: ConfigSource): readonly SliceMistake[] {
  const isAsked = search === true || (typeof search === 'object' && search.columns === undefined);
  if (!isAsked || columnsOf(by).length > 0) return [];
  return [
    {
      source,
      text: 'has no columns to search in: `by` names none.',
      help: 'Name them as `search: { columns: […] }`.',
    },
  ];
}

/** Parts of a slice's name, without what stands in quotes. */
const TERM = /^("(?:[^"\\]|\\.)*"|[^=,"]*)=("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/u;

/** Columns and values of a slice's name as `nameSlice` writes it; undefined where it is none. */
function parseSliceName(
  name: string,
): readonly { readonly column: string; readonly value: string }[] | undefined {
  const terms: { readonly column: string; readonly value: string }[] = [];
  for (let rest = name; rest !== '';) {
    const [whole = '', column = '', value = ''] = TERM.exec(rest) ?? [];
    if (whole === '') return undefined;
    terms.push({ column: unquote(column), value: unquote(value) });
    rest = rest.slice(whole.length);
  }
  return terms.length === 0 ? undefined : terms;
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/**
 * Why no slice of these entries can have this name; undefined where one may. Values are known only when the test set is
 * read, columns and edges before.
 */
export function explainSliceName(name: string, by: SliceEntries): Explanation | undefined {
  const conditions = by.filter(isCondition).map((entry) => entry.name);
  if (conditions.includes(name)) return undefined;
  const crossings = columnsOf(by);
  const known = [...crossings.map((columns) => columns.join(', ')), ...conditions];
  const help =
    known.length === 0
      ? 'Name the columns to slice by in `slices.by`.'
      : `\`slices.by\` has: ${known.map((one) => `\`${one}\``).join(', ')}. A slice is written as \`column=value\`, a crossing as \`column=value, column=value\`, a condition by its name.`;
  const terms = parseSliceName(name);
  if (terms === undefined) {
    const nearest = findNearest(name, conditions);
    return { text: `\`${name}\` is no name of a slice.${suggest(nearest)}`, help };
  }
  // A text that was too long for a name ends with a digest.
  if (name.includes('~')) return undefined;
  const wanted = terms.map(({ column }) => column);
  if (crossings.some((columns) => columns.join('\n') === wanted.join('\n'))) return explainBin(terms, by);
  const turned = crossings.find(
    (columns) => columns.length === wanted.length && columns.every((column) => wanted.includes(column)),
  );
  const nearest =
    turned?.join(', ') ??
    findNearest(
      wanted.join(', '),
      crossings.map((columns) => columns.join(', ')),
    );
  return { text: `there are no slices by \`${wanted.join(', ')}\`.${suggest(nearest)}`, help };
}

function suggest(nearest: string | undefined): string {
  return nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
}

/** A bin is named by its edges: by those of the config, or by two numbers that nobody knows yet. */
function explainBin(
  terms: readonly { readonly column: string; readonly value: string }[],
  by: SliceEntries,
): Explanation | undefined {
  for (const { column, value } of terms) {
    const binned = by.filter(isBinned).find((entry) => entry.column === column);
    if (binned === undefined || value === '') continue;
    const { edges } = binned;
    const names = edges === undefined ? undefined : nameBins(edges);
    if (names?.includes(value) ?? value.includes('..')) continue;
    const allowed = names?.map((bin) => `\`${column}=${bin}\``).join(', ') ?? `\`${column}=18..65\``;
    return {
      text: `\`${column}=${value}\` is no bin.`,
      help: `Bins of \`${column}\` are named like ${allowed}.`,
    };
  }
  return undefined;
}
