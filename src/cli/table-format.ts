import { TABLE_FORMATS, type TableFormat } from '../engine/engine.ts';
import type { CommandArguments } from './command.ts';
import { readWord } from './read-options.ts';

/** The option of commands that read a table. */
export const FORMAT_OPTION = {
  type: 'string',
  placeholder: 'FORMAT',
  description: `Format where the name of the file does not say it: ${TABLE_FORMATS.join(', ')}.`,
} as const;

/** The format that a command line says; undefined where the file's name decides. */
export function readFormat(arguments_: CommandArguments): TableFormat | undefined {
  return readWord(arguments_, 'format', TABLE_FORMATS);
}
