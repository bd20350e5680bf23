import { TABLE_FORMATS, type TableFormat } from '../engine/engine.ts';
import type { CommandArguments } from './command.ts';
import { readWord } from './read-options.ts';

/** The operand of commands that read one table; a folder or a pattern of files is one too. */
export const TABLE_POSITIONAL = {
  name: 'FILE',
  description:
    'A csv, tsv, json or jsonl file, plain, .gz or .zst, a parquet or arrow file, or a pattern or folder of several.',
  required: true,
} as const;

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
