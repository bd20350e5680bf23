import { TABLE_FORMATS, type TableFormat } from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import type { CommandArguments } from './command.ts';

/** The option of commands that read a table. */
export const FORMAT_OPTION = {
  type: 'string',
  placeholder: 'FORMAT',
  description: `Format of FILE where its name does not say it: ${TABLE_FORMATS.join(', ')}.`,
} as const;

/** The format that a command line says; undefined where the file's name decides. */
export function readFormat(arguments_: CommandArguments): TableFormat | undefined {
  const text = arguments_.text('format');
  const format = TABLE_FORMATS.find((known) => known === text);
  if (format !== undefined || text === undefined) return format;
  throw new UserError(`--format is \`${text}\`; it must be one of ${TABLE_FORMATS.join(', ')}.`);
}
