import type { CliContext } from './context.ts';

/** One `--option` of a command: the source of its parsing, its help text and its place in the generated reference. */
export interface OptionDefinition {
  readonly type: 'string' | 'boolean';
  readonly description: string;
  /** What stands for the value in help: `FILE`. */
  readonly placeholder?: string;
  readonly default?: string;
  readonly short?: string;
  readonly required?: boolean;
}

interface PositionalDefinition {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** Whether it takes all words that are left; the last one only. */
  readonly variadic?: boolean;
}

/** The words of a command line after the command's name, checked against its definition. */
export interface CommandArguments {
  readonly positionals: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly flag: (option: string) => boolean;
}

export interface Command {
  /** One word, or two for a subcommand: `baseline record`. */
  readonly name: string;
  readonly summary: string;
  /** Paragraphs of help below the summary. */
  readonly details?: readonly string[];
  readonly positionals: readonly PositionalDefinition[];
  readonly options: Readonly<Record<string, OptionDefinition>>;
  readonly examples: readonly string[];
  /** Returns the exit code; throws UserError and WorldError. */
  readonly run: (arguments_: CommandArguments, context: CliContext) => Promise<number>;
}

export const JSON_OPTION: OptionDefinition = {
  type: 'boolean',
  description: 'Print exactly one JSON document on standard output, and nothing else there.',
};

export const CONFIG_OPTION = {
  type: 'string',
  short: 'c',
  placeholder: 'FILE',
  default: 'mlgate.yml',
  description: 'The config file.',
} as const satisfies OptionDefinition;

export const OUTPUT_OPTION: OptionDefinition = {
  type: 'string',
  short: 'o',
  placeholder: 'FOLDER',
  description: 'Where evidence and report are written. Default: .mlgate beside the config file.',
};
