import { stringify } from 'yaml';
import type { InferredColumn } from '../../data/infer/infer-column.ts';
import type { Inference } from '../../data/infer/infer-schema.ts';
import { joinWords } from '../../config/schema-node.ts';
import { escapeTerminal } from '../../report/terminal/escape.ts';
import { layOutTable } from '../../report/terminal/layout.ts';
import { countOf } from '../count-of.ts';

/** The schema as a file of text. */
export function writeInference({ document }: Inference, notation: 'JSON' | 'YAML'): string {
  return notation === 'JSON'
    ? `${JSON.stringify(document, undefined, 2)}\n`
    : stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** What was found, as a short table, and what somebody should know before using it. */
export function describeInference(inference: Inference, width: number): string {
  const { columns, rows, keys } = inference;
  const required = new Set(columns.filter(({ present }) => present === rows).map(({ name }) => name));
  const lines = layOutTable(
    [
      ['column', 'type', 'empty', 'found'].map((text) => ({ text })),
      ...columns.map((column) => [
        { text: escapeTerminal(column.name) },
        { text: nameTypes(column) },
        { text: required.has(column.name) ? '' : showShare(1 - column.present / rows) },
        { text: escapeTerminal(describeFindings(column)) },
      ]),
    ],
    width,
  );
  const key = keys.map((names) => names.map(quote).join(' with ')).join(', ');
  return `${[
    `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}, ${countOf(columns.length, 'column')}`,
    ...lines.map((line) => line.trimEnd()),
    key === '' ? 'No key was found: add `dataset.unique` if there is one.' : `Unique: ${key}.`,
    ...describeRemarks(inference),
  ].join('\n')}\n`;
}

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
