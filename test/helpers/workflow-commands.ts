/** Reads what an action says to the runner: workflow commands on standard output, and the command files. */

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** file, line, endLine, col, endColumn, title: as given. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface WorkflowCommands {
  readonly annotations: readonly Annotation[];
  /** What `::add-mask::` asked to hide. */
  readonly masks: readonly string[];
  /** Lines that are not commands: the log. */
  readonly log: readonly string[];
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

function unescapeMessage(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeMessage(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

/** As actions/runner does it (ActionCommand.TryParseV2): the head ends at the first `::` after the start. */
function parseCommand(line: string): Command | undefined {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end === -1) return undefined;
  const [name = '', ...rest] = text.slice(2, end).split(' ');
  if (name === '') return undefined;
  const pairs = rest
    .join(' ')
    .split(',')
    .filter((pair) => pair.includes('='))
    .map((pair): [string, string] => {
      const [key = '', ...value] = pair.split('=');
      return [key.trim(), unescapeProperty(value.join('='))];
    });
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), message: text.slice(end + 2) };
}

const LEVELS: readonly string[] = ['error', 'warning', 'notice'];

function isLevel(name: string): name is Annotation['level'] {
  return LEVELS.includes(name);
}

/** Interprets standard output as a runner does, `::stop-commands::` included. */
export function readWorkflowCommands(stdout: string): WorkflowCommands {
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  const log: string[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r?\n/u)) {
    const command = parseCommand(line);
    if (stopped !== undefined) {
      if (command?.name === stopped) stopped = undefined;
      else log.push(line);
    } else if (command === undefined) {
      log.push(line);
    } else if (isLevel(command.name)) {
      const { name: level, properties } = command;
      annotations.push({
        level,
        properties,
        message: unescapeMessage(command.message),
      });
    } else if (command.name === 'add-mask') {
      masks.push(unescapeMessage(command.message));
    } else if (command.name === 'stop-commands') {
      stopped = command.message.toLowerCase();
    }
  }
  return { annotations, masks, log };
}

/** Reads GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV: `name=value`, or `name<<delimiter` and lines. */
export function readCommandFile(text: string): Readonly<Record<string, string>> {
  const values: [string, string][] = [];
  const lines = text.split(/\r?\n/u);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const heredoc = /^([^=<]+)<<(.+)$/u.exec(line);
    if (heredoc !== null) {
      const end = lines.indexOf(heredoc[2] ?? '', index + 1);
      if (end === -1) throw new Error(`The delimiter of ${heredoc[1] ?? ''} is never closed.`);
      values.push([heredoc[1] ?? '', lines.slice(index + 1, end).join('\n')]);
      index = end;
    } else if (line.includes('=')) {
      const [name = '', ...value] = line.split('=');
      values.push([name, value.join('=')]);
    } else if (line !== '') {
      throw new Error(`The runner would refuse this line of a command file: ${line}`);
    }
  }
  return Object.fromEntries(values);
}
