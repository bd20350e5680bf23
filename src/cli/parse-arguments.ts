import { parseArgs } from 'node:util';
import { findNearest } from '../evidence/find-nearest.ts';
import { UserError } from '../evidence/errors.ts';
import type { Command, CommandArguments } from './command.ts';

/** Checks the words after a command's name against its definition. Throws a UserError that names the word and what is allowed. */
export function parseArguments(command: Command, words: readonly string[]): CommandArguments {
  const { values, positionals } = parseWords(command, words);
  checkPositionals(command, positionals);
  checkRequired(command, values);
  return {
    positionals,
    text: (option) => {
      const value = values[option] ?? command.options[option]?.default;
      return typeof value === 'string' ? value : undefined;
    },
    flag: (option) => values[option] === true,
  };
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parseWords(
  command: Command,
  words: readonly string[],
): { values: Values; positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw explainParseError(command, error);
  }
}

function explainParseError(command: Command, error: unknown): Error {
  if (!(error instanceof TypeError)) return error instanceof Error ? error : new Error(String(error));
  const name = /Unknown option '-{0,2}([^']*)'/.exec(error.message)?.[1];
  const help = `Run \`mlgate ${command.name} --help\`.`;
  if (name === undefined) return new UserError(error.message.split('. ')[0] ?? error.message, { help });
  const known = Object.keys(command.options);
  const nearest = findNearest(name, known);
  const hint = nearest === undefined ? '' : ` Did you mean \`--${nearest}\`?`;
  return new UserError(
    `\`mlgate ${command.name}\` has no option \`--${name}\`.${hint} Allowed: ${known.map((option) => `--${option}`).join(', ')}.`,
    { help },
  );
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const help = `Run \`mlgate ${command.name} --help\`.`;
  const missing = command.positionals.find(
    (definition, index) => definition.required && positionals[index] === undefined,
  );
  if (missing !== undefined)
    throw new UserError(`\`mlgate ${command.name}\` needs ${missing.name}: ${missing.description}`, { help });
  const takesAll = command.positionals.at(-1)?.variadic === true;
  const extra = takesAll ? undefined : positionals[command.positionals.length];
  if (extra !== undefined)
    throw new UserError(`\`mlgate ${command.name}\` does not know what to do with \`${extra}\`.`, { help });
}

function checkRequired(command: Command, values: Values): void {
  const missing = Object.entries(command.options).filter(
    ([name, option]) => option.required === true && values[name] === undefined,
  );
  if (missing.length === 0) return;
  const names = missing.map(([name, option]) => `--${name} ${option.placeholder ?? ''}`.trim()).join(', ');
  throw new UserError(`\`mlgate ${command.name}\` needs ${names}.`, {
    help: `Example: ${command.examples[0] ?? ''}`,
  });
}
