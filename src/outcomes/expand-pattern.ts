import type { TableDescription } from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';

/** A column of one label. */
export interface LabelColumn {
  readonly label: string;
  readonly column: string;
}

type Columns = TableDescription['columns'];

/** Where a name stands in the config and which file it is looked for in. */
export interface NamedColumn {
  /** `models.churn.predictions.score`. */
  readonly key: string;
  readonly file: string;
  readonly hint?: string;
}

/** Columns that a message lists. */
const MAX_LISTED = 20;

function listColumns(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map((column) => `\`${column.slice(0, 80)}\``);
  return `Its columns are ${shown.join(', ')}${names.length > shown.length ? ', …' : ''}.`;
}

/** Throws a UserError that suggests the nearest for a column that the file does not have. */
export function refuseUnknown(name: string, columns: Columns, { key, file, hint }: NamedColumn): void {
  const known = columns.map((column) => column.name);
  if (known.includes(name)) return;
  const nearest = findNearest(name, known);
  const suggestion = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(
    `${file} has no column \`${name}\`, which \`${key}\` names.${suggestion}${hint === undefined ? '' : ` ${hint}`}`,
    { help: listColumns(known) },
  );
}

/** Whether a setting names columns by a pattern: it has a star, and no column is named just so. */
export function isPattern(text: string, columns: Columns): boolean {
  return text.includes('*') && columns.every(({ name }) => name !== text);
}

/**
 * The columns whose names match a pattern such as `p_*`, with what stands for the star as their label, sorted by label.
 * Throws a UserError where none matches, or two are of one label.
 */
export function expandPattern(pattern: string, columns: Columns, where: NamedColumn): readonly LabelColumn[] {
  const [before = '', after = '', ...more] = pattern.split('*');
  if (more.length > 0) {
    throw new UserError(`\`${where.key}\` is \`${pattern}\`, which has more than one \`*\`.`, {
      help: 'One star stands for the label.',
    });
  }
  const found = columns.flatMap(({ name }): LabelColumn[] =>
    name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
      ? [{ label: name.slice(before.length, name.length - after.length), column: name }]
      : [],
  );
  if (found.length === 0) {
    throw new UserError(
      `${where.file} has no column that matches \`${pattern}\`, which \`${where.key}\` asks for.${where.hint === undefined ? '' : ` ${where.hint}`}`,
      { help: listColumns(columns.map(({ name }) => name)) },
    );
  }
  return sortByLabel(found, where);
}

/** In the order of labels as they are compared. Throws a UserError where two columns are of one label. */
export function sortByLabel(columns: readonly LabelColumn[], where: NamedColumn): readonly LabelColumn[] {
  const sorted = columns
    .map(({ label, column }) => ({ label: normaliseLabel(label), column }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  const repeated = sorted.findIndex(({ label }, index) => label === sorted[index - 1]?.label);
  const [first, second] = [sorted[repeated - 1], sorted[repeated]];
  if (first === undefined || second === undefined) return sorted;
  throw new UserError(
    `${where.file}: the columns \`${first.column}\` and \`${second.column}\` are both of the label \`${second.label}\` (\`${where.key}\`).`,
    { help: 'Keep one column for each label: 1, 1.0 and "1" are the same label.' },
  );
}
