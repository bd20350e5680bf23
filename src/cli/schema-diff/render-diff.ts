import { escapeMessage } from '../../report/markdown/escape.ts';
import { escapeTerminal } from '../../report/terminal/escape.ts';
import { wrapText } from '../../report/terminal/layout.ts';
import type { SchemaChange, SchemaDiff, SchemaEffect } from '../../schemas/schema-diff.generated.ts';
import { countOf } from '../count-of.ts';

/** What an effect means, as the first sentence says it. */
const ANSWERS: Readonly<Record<SchemaEffect, string>> = {
  none: 'Not loosening: the same data are allowed.',
  tightening: 'Not loosening: nothing is allowed that was refused.',
  loosening: 'Loosening: data may be allowed that were refused.',
  both: 'Loosening and tightening: some data may be allowed that were refused, and others refused that were allowed.',
  unknown: 'Maybe loosening: what some changes do cannot be told.',
};

/** The order and headings of changes: those that a reviewer must look at come first. */
const GROUPS: readonly (readonly [SchemaEffect, string])[] = [
  ['unknown', 'Cannot be told'],
  ['both', 'Loosens and tightens'],
  ['loosening', 'Loosens'],
  ['tightening', 'Tightens'],
  ['none', 'Changes nothing'],
];

interface Group {
  readonly title: string;
  readonly changes: readonly SchemaChange[];
}

function groupChanges({ changes }: SchemaDiff): readonly Group[] {
  return GROUPS.map(([effect, title]) => ({
    title,
    changes: changes.filter((change) => change.effect === effect),
  })).filter((group) => group.changes.length > 0);
}

function nameSides({ before, after }: SchemaDiff): string {
  return before === null ? `${after}, which is new` : `${before} → ${after}`;
}

function wordOmitted({ omitted }: SchemaDiff): readonly string[] {
  return omitted === undefined ? [] : [`and ${countOf(omitted, 'more change')}`];
}

export function renderText(diff: SchemaDiff, width: number): string {
  const groups = groupChanges(diff).flatMap(({ title, changes }) => [
    '',
    `${title}:`,
    ...changes.flatMap(({ text }) => {
      const [first = '', ...rest] = wrapText(escapeTerminal(text), Math.max(20, width - 4));
      return [`  - ${first}`, ...rest.map((line) => `    ${line}`)];
    }),
  ]);
  const answer = diff.changes.length === 0 ? 'No change.' : ANSWERS[diff.effect];
  return `${[escapeTerminal(nameSides(diff)), answer, ...groups, ...wordOmitted(diff)].join('\n')}\n`;
}

export function renderMarkdown(diff: SchemaDiff): string {
  const groups = groupChanges(diff).flatMap(({ title, changes }) => [
    '',
    `**${title}**`,
    '',
    ...changes.map(({ text }) => `- ${escapeMessage(text)}`),
  ]);
  const answer = diff.changes.length === 0 ? 'No change.' : ANSWERS[diff.effect];
  return `${[`### ${escapeMessage(nameSides(diff))}`, '', answer, ...groups, ...wordOmitted(diff).map((line) => `\n${line}`)].join('\n')}\n`;
}
