import type { Command, OptionDefinition } from './command.ts';

const EXIT_CODE_LINES = [
  "Exit codes: 0 pass or warn, 1 the gate says no, 2 your mistake, 3 the world's fault (network, permission, disk).",
];

/** `mlgate --help`. */
export function printOverview(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `mlgate ${version}: gates machine-learning changes with evidence.`,
    '',
    'Usage: mlgate COMMAND [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'Every command has --help with an example, and --json.',
    ...EXIT_CODE_LINES,
    '',
    'Start with `mlgate init` in your repository, or `mlgate run` where an mlgate.yml is.',
    '',
  ].join('\n');
}

/** `mlgate COMMAND --help`. */
export function printCommandHelp(command: Command): string {
  const positionals = command.positionals
    .map(({ name, required, variadic }) => {
      const word = variadic === true ? `${name}...` : name;
      return required ? ` ${word}` : ` [${word}]`;
    })
    .join('');
  const rows: readonly (readonly [string, string])[] = [
    ...command.positionals.map(({ name, description }) => [name, description] as const),
    ...Object.entries(command.options).map(
      ([name, option]) => [describeOption(name, option), describeValue(option)] as const,
    ),
    ['-h, --help', 'Show this help.'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    command.summary,
    ...(command.details ?? []).flatMap((paragraph) => ['', paragraph]),
    '',
    `Usage: mlgate ${command.name}${positionals} [options]`,
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    '',
    command.examples.length === 1 ? 'Example:' : 'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
    ...EXIT_CODE_LINES,
    '',
  ].join('\n');
}

function describeOption(name: string, option: OptionDefinition): string {
  const value = option.type === 'string' ? ` ${option.placeholder ?? 'VALUE'}` : '';
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${value}`;
}

function describeValue(option: OptionDefinition): string {
  const required = option.required === true ? ' Required.' : '';
  const fallback = option.default === undefined ? '' : ` Default: ${option.default}.`;
  return `${option.description}${required}${fallback}`;
}
