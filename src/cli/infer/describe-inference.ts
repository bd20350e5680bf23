import type { InferredColumn } from '../../data/infer/infer-column.ts';
import type { Inference } from '../../data/infer/infer-schema.ts';
import { joinWords } from '../../config/schema-node.ts';
import { escapeTerminal } from '../../report/terminal/escape.ts';
import { type Cell, cutToWidth, layOutTable, measureWidth } from '../../report/terminal/layout.ts';
import { countOf } from '../count-of.ts';

/** What was found, as a short table, and what somebody should know before using it. */
export function describeInference(inference: Inference, width: number): string {
  const { columns, rows, keys } = inference;
  const required = new Set(columns.filter(({ present }) => present === rows).map(({ name }) => name));
  const table = columns.map((column) => [
    escapeTerminal(column.name),
    nameTypes(column),
    required.has(column.name) ? '' : showShare(1 - column.present / rows),
    escapeTerminal(describeFindings(column)),
  ]);
  const lines = layOutTable(fitTable([['column', 'type', 'empty', 'found'], ...table], width), width);
  const key = keys.map((names) => names.map(quote).join(' with ')).join(', ');
  return `${[
    `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}, ${countOf(columns.length, 'column')}`,
    ...lines.map((line) => line.trimEnd()),
    key === '' ? 'No key was found: add `dataset.unique` if there is one.' : `Unique: ${key}.`,
    ...describeRemarks(inference),
  ].join('\n')}\n`;
}

/** What was found is cut first: a column must be told by its name. */
function fitTable(rows: readonly (readonly string[])[], width: number): readonly (readonly Cell[])[] {
  const others = [0, 1, 2].map((place) => Math.max(...rows.map((row) => measureWidth(row[place] ?? ''))));
  const room = width - others.reduce((sum, column) => sum + column + 2, 0);
  return rows.map((row) =>
    row.map((text, place) => ({ text: place === 3 ? cutToWidth(text, Math.max(LEAST_FOUND, room)) : text })),
  );
}

/** Columns of the terminal that stay for what was found. */
const LEAST_FOUND = 12;

function quote(name: string): string {
  return `\`${escapeTerminal(name)}\``;
}

function nameTypes({ schema }: InferredColumn): string {
  return schema.type === undefined ? 'any' : [schema.type].flat().join('|');
}

function showShare(share: number): string {
  if (!Number.isFinite(share)) return '';
  return share > 0 && share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(1)} %`;
}

/** Values of an enum that are shown. */
const SHOWN_VALUES = 5;

function describeFindings({ schema, cells = {} }: InferredColumn): string {
  const { format, enum: values = [], minimum, maximum } = schema;
  const shown = values.slice(0, SHOWN_VALUES).map(String).join(', ');
  const more = values.length > SHOWN_VALUES ? `, … (${values.length})` : '';
  const nulls = cells['null-values'] ?? [];
  return [
    format ?? '',
    values.length === 0 ? '' : `one of ${shown}${more}`,
    minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`,
    nulls.length === 0 ? '' : `${nulls.join(', ')} taken for no value`,
    cells['not-finite'] === undefined ? '' : 'NaN taken for no value',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function describeRemarks({ columns, personal }: Inference): readonly string[] {
  const suspects = columns.flatMap(({ name, suspects }) =>
    suspects.map(
      ({ value, count }) =>
        `${quote(name)} holds ${JSON.stringify(value)} ${countOf(count, 'time')}: if it stands for no value, list it in \`dataset.column-cells\` under \`null-values\`.`,
    ),
  );
  return [
    ...(personal.length === 0
      ? []
      : [`Personal by their names, so no values are listed: ${joinWords(personal.map(quote), 'and')}.`]),
    ...suspects,
  ];
}
