import { findNearest } from '../evidence/find-nearest.ts';
import { EXIT_CODES, UserError, WorldError } from '../evidence/errors.ts';
import { escapeTerminal } from '../report/terminal/escape.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { CliContext } from './context.ts';
import { printCommandHelp, printOverview } from './help.ts';
import { parseArguments } from './parse-arguments.ts';

/** Runs one command line and returns its exit code. Never throws; a defect is reported as such, with exit code 3. */
export async function runCommandLine(words: readonly string[], context: CliContext): Promise<number> {
  try {
    return await dispatch(words, context);
  } catch (error) {
    return reportFailure(error, words.includes('--json'), context);
  }
}

const HELP_WORDS: readonly (string | undefined)[] = ['--help', '-h', 'help'];

async function dispatch(words: readonly string[], context: CliContext): Promise<number> {
  const [first, second] = words;
  if (first === undefined) {
    context.print(printOverview(COMMANDS, context.version));
    return EXIT_CODES.usersMistake;
  }
  if (first === '--version' || first === '-V') {
    context.print(`${context.version}\n`);
    return EXIT_CODES.pass;
  }
  if (HELP_WORDS.includes(first)) {
    context.print(printHelpOf(words.slice(1), context));
    return EXIT_CODES.pass;
  }
  if (HELP_WORDS.includes(second) && listGroup(first).length > 0) {
    context.print(printHelpOf([first], context));
    return EXIT_CODES.pass;
  }
  const found = findCommand(first, second);
  const rest = words.slice(found.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    context.print(printCommandHelp(found));
    return EXIT_CODES.pass;
  }
  return await found.run(parseArguments(found, rest), context);
}

/** Help on a command, on a group of commands (`baseline`), on what is both (`profile`), or on everything. */
function printHelpOf([first, second]: readonly string[], { version }: CliContext): string {
  if (first === undefined) return printOverview(COMMANDS, version);
  const group = listGroup(first);
  if (group.length > 0 && second === undefined) {
    const own = COMMANDS.find(({ name }) => name === first);
    return own === undefined ? printOverview(group, version) : printCommandHelp(own);
  }
  return printCommandHelp(findCommand(first, second));
}

function listGroup(first: string): readonly Command[] {
  return COMMANDS.filter((command) => command.name.startsWith(`${first} `));
}

function findCommand(first: string, second: string | undefined): Command {
  const found =
    COMMANDS.find((command) => command.name === `${first} ${second ?? ''}`) ??
    COMMANDS.find((command) => command.name === first);
  if (found !== undefined) return found;
  const group = listGroup(first);
  const names = (group.length > 0 ? group : COMMANDS).map((command) => command.name);
  if (group.length > 0 && (second === undefined || second.startsWith('-')))
    throw new UserError(`\`mlgate ${first}\` needs one more word: ${names.join(', ')}.`, {
      help: `Run \`mlgate ${first} --help\`.`,
    });
  const wanted = group.length > 0 ? `${first} ${second ?? ''}` : first;
  const nearest = findNearest(wanted, names);
  const hint = nearest === undefined ? '' : ` Did you mean \`mlgate ${nearest}\`?`;
  throw new UserError(`There is no command \`mlgate ${wanted}\`.${hint} Commands: ${names.join(', ')}.`, {
    help: 'Run `mlgate --help`.',
  });
}

/** One clear message; with --json the same as a document, so that a script never meets an empty output. */
function reportFailure(error: unknown, json: boolean, context: CliContext): number {
  const { kind, exitCode } = classify(error);
  const message = error instanceof Error ? error.message : String(error);
  const help =
    error instanceof UserError || error instanceof WorldError
      ? error.help
      : 'This is a defect of mlgate: please report it, with the output of the same command under MLGATE_DEBUG=1.';
  if (json) {
    const failure = { kind, message, ...(help === undefined ? {} : { help }) };
    context.print(`${JSON.stringify({ error: failure })}\n`);
  }
  // A message may quote a name out of somebody else's file.
  const shown = message.split('\n').map(escapeTerminal).join('\n');
  context.remark(`mlgate: ${shown}\n${help === undefined ? '' : `  ${help.replaceAll('\n', '\n  ')}\n`}`);
  if (context.environment['MLGATE_DEBUG'] === '1' && error instanceof Error)
    context.remark(`${error.stack ?? ''}\n`);
  return exitCode;
}

function classify(error: unknown): { readonly kind: string; readonly exitCode: number } {
  if (error instanceof UserError) return { kind: 'user', exitCode: EXIT_CODES.usersMistake };
  const kind = error instanceof WorldError ? 'world' : 'defect';
  return { kind, exitCode: EXIT_CODES.worldsFault };
}
