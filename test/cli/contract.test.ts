import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import type { Command } from '../../src/cli/command.ts';
import { printCommandHelp, printOverview } from '../../src/cli/help.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { DEFAULT_ENGINE } from '../../src/cli/session.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { mlgate, useFolders } from './harness.ts';

const makeFolder = useFolders();

/** The words of an example as a shell would split them: quotes are all that examples use. */
function splitWords(line: string): readonly string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

/** The commands of an example: `a && b`, without what a shell does with the output. */
function commandLines(example: string): readonly string[] {
  return example.split(' && ').map((line) => line.replace(/^.* \| | > .*$/g, ''));
}

describe.each(COMMANDS.map((command) => [command.name, command] as const))('mlgate %s', (name, command) => {
  it('says what it does in one sentence', () => {
    expect(command.summary).toMatch(/^[A-Z].{20,110}\.$/);
    for (const paragraph of command.details ?? []) expect(paragraph).toMatch(/^[A-Z].*\.$/);
  });

  it('has examples that its own parser takes', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      expect(example).toContain(`mlgate ${name}`);
      for (const line of commandLines(example)) {
        const words = splitWords(line);
        expect(words[0]).toBe('mlgate');
        // The longest name: `profile merge` begins with `profile`.
        const named = COMMANDS.filter((each) => words.slice(1).join(' ').startsWith(each.name))
          .toSorted((a, b) => a.name.length - b.name.length)
          .at(-1) as Command;
        const rest = words.slice(1 + named.name.split(' ').length);
        expect(() => parseArguments(named, rest)).not.toThrow();
      }
    }
  });

  it('describes every option and every word', () => {
    for (const [option, definition] of Object.entries(command.options)) {
      expect(option).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(definition.description).toMatch(/^[A-Z].*\.$/);
      expect(definition.placeholder ?? '').toMatch(definition.type === 'string' ? /^[A-Z]+$/ : /^$/);
    }
    for (const positional of command.positionals) expect(positional.description).toMatch(/^[A-Z].*\.$/);
    expect(command.options['json']?.type).toBe('boolean');
  });

  it('prints all that with --help, without doing anything', async () => {
    const folder = await makeFolder();
    const help = await mlgate(folder, [...name.split(' '), '--help']);
    expect(help).toEqual({ exitCode: 0, out: printCommandHelp(command), err: '' });
    const short = await mlgate(folder, [...name.split(' '), 'x', '-h', '--unknown']);
    expect(short).toEqual(help);
    for (const option of Object.keys(command.options)) expect(help.out).toContain(`--${option}`);
    for (const example of command.examples) expect(help.out).toContain(example);
    expect(help.out).toContain('Exit codes: 0 pass or warn');
  });

  it('refuses an option that it does not have, in both forms', async () => {
    const folder = await makeFolder();
    const refused = await mlgate(folder, [...name.split(' '), '--no-such-thing']);
    expect(refused.exitCode).toBe(2);
    expect(refused.out).toBe('');
    expect(refused.err).toContain(`\`mlgate ${name}\` has no option \`--no-such-thing\`.`);
    const asJson = await mlgate(folder, [...name.split(' '), '--no-such-thing', '--json']);
    expect(JSON.parse(asJson.out)).toMatchObject({ error: { kind: 'user' } });
  });
});

describe('mlgate', () => {
  it('lists every command, and shows that with no word too', async () => {
    const folder = await makeFolder();
    const overview = printOverview(COMMANDS, '0.0.0-test');
    for (const { name } of COMMANDS) expect(overview).toMatch(new RegExp(`  ${name} +\\S`));
    for (const { summary } of COMMANDS) expect(overview).toContain(summary);
    for (const words of [['--help'], ['-h'], ['help']])
      expect(await mlgate(folder, words)).toEqual({ exitCode: 0, out: overview, err: '' });
    expect(await mlgate(folder, [])).toEqual({ exitCode: 2, out: overview, err: '' });
    expect(await mlgate(folder, ['--version'])).toEqual({ exitCode: 0, out: '0.0.0-test\n', err: '' });
  });

  it('helps with one command and with a group of them', async () => {
    const folder = await makeFolder();
    const run = COMMANDS.find(({ name }) => name === 'run') as Command;
    expect((await mlgate(folder, ['help', 'run'])).out).toBe(printCommandHelp(run));
    expect((await mlgate(folder, ['help', 'schema', 'check'])).out).toContain(
      'Usage: mlgate schema check FILE',
    );
    for (const words of [
      ['baseline', '--help'],
      ['help', 'baseline'],
      ['baseline', 'help'],
    ]) {
      const { exitCode, out } = await mlgate(folder, words);
      expect(exitCode).toBe(0);
      expect(out).toContain('baseline record');
      expect(out).not.toContain('  doctor');
    }
  });

  it.each([
    [['rnu'], 'There is no command `mlgate rnu`. Did you mean `mlgate run`? Commands: init, run,'],
    [['baseline'], '`mlgate baseline` needs one more word: baseline record, baseline show, baseline log,'],
    [['baseline', '--json'], '`mlgate baseline` needs one more word'],
    [
      ['baseline', 'shwo'],
      'There is no command `mlgate baseline shwo`. Did you mean `mlgate baseline show`?',
    ],
    [['--json'], 'There is no command `mlgate --json`.'],
    [
      ['run', '--confg', 'x'],
      'has no option `--confg`. Did you mean `--config`? Allowed: --config, --output, --json.',
    ],
    [['run', '--config'], "Option '-c, --config <value>' argument missing"],
    [['run', 'extra'], '`mlgate run` does not know what to do with `extra`.'],
    [['run', '--json=yes'], "Option '--json' does not take an argument"],
    [['schema', 'check'], '`mlgate schema check` needs FILE: '],
    [['promote', 'churn'], '`mlgate promote` needs --version VERSION, --stage STAGE, --reason TEXT.'],
  ] as const)('says what is wrong with %j', async (words, message) => {
    const { exitCode, out, err } = await mlgate(await makeFolder(), words);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    const document = expect.stringMatching(/^\{"error":\{"kind":"user","message":".*\}\}\n$/) as string;
    expect(out).toEqual(words.some((word) => word === '--json') ? document : '');
  });

  it('calls a defect one, and shows its stack only when asked', async () => {
    const folder = await makeFolder({
      'mlgate.yml': 'version: 1\nmetrics: { a: { path: a.json } }\n',
      'a.json': '{"x": 1}',
    });
    const broken = {
      now: () => {
        throw new TypeError('boom');
      },
    };
    const plain = await mlgate(folder, ['run'], broken);
    expect(plain.exitCode).toBe(3);
    expect(plain.err).toMatch(/^mlgate: boom\n {2}This is a defect of mlgate: please report it/);
    expect(plain.err).not.toContain(' at ');
    const environment = { PATH: process.env['PATH'], MLGATE_DEBUG: '1' };
    expect((await mlgate(folder, ['run'], { ...broken, environment })).err).toMatch(
      /TypeError: boom\n\s+at /,
    );
    const asJson = await mlgate(folder, ['run', '--json'], broken);
    expect(JSON.parse(asJson.out)).toMatchObject({ error: { kind: 'defect', message: 'boom' } });
  });

  it('runs commands without a config under the defaults of one', () => {
    const { config } = parseConfig('{"version": 1, "metrics": {"a": {"path": "a.json"}}}', 'x');
    expect(config.engine).toEqual(DEFAULT_ENGINE);
  });

  it('is described in the README by commands that exist', () => {
    const used = [...readFileSync('README.md', 'utf8').matchAll(/`mlgate ([a-z]+(?: [a-z]+)?)/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, words = ''] of used)
      expect(
        COMMANDS.some(
          ({ name }) => words === name || words.startsWith(`${name} `) || words.split(' ')[0] === name,
        ),
      ).toBe(true);
  });
});
