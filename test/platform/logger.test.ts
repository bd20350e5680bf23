import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActionsLogger, createTerminalLogger, type Logger } from '../../src/platform/logger.ts';

function record(create: (write: (line: string) => void) => Logger): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { logger: create((line) => lines.push(line)), lines };
}

/** What the runner takes for a command: a line that begins with `::` after blanks, or `##[` anywhere (ActionCommand.cs). */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith('::') || line.includes('##[');
}

describe('the logger of a job', () => {
  it('writes warnings and groups as commands', async () => {
    const { logger, lines } = record(createActionsLogger);
    const answer = await logger.group('Reading 100%', async () => {
      logger.info('plain');
      logger.warn('a\nb');
      logger.debug('quiet');
      return 42;
    });
    expect(answer).toBe(42);
    expect(lines).toEqual([
      '::group::Reading 100%25',
      'plain',
      '::warning::a%0Ab',
      '::debug::quiet',
      '::endgroup::',
    ]);
  });

  it('closes a group whose work fails', async () => {
    const { logger, lines } = record(createActionsLogger);
    await expect(logger.group('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(lines.at(-1)).toBe('::endgroup::');
  });

  it.each([
    '::add-mask::a',
    '  ::error::x',
    'fine\n::set-output name=a::b',
    '##[error]x',
    'a\r::stop-commands::x',
  ])('lets no text become a command: %j', (text) => {
    const { logger, lines } = record(createActionsLogger);
    logger.info(text);
    expect(lines.flatMap((line) => line.split(/\r\n|\r|\n/u)).filter(isCommand)).toEqual([]);
  });

  it('lets no text at all become a second command', () => {
    const pieces = constantFrom('::', '##[', 'error', '\n', '\r', ' ', '%0A', 'x', '\u2028', '\t');
    assert(
      property(array(pieces, { maxLength: 12 }), (parts) => {
        const { logger, lines } = record(createActionsLogger);
        logger.info(parts.join(''));
        const warned = record(createActionsLogger);
        warned.logger.warn(parts.join(''));
        const plain = lines.flatMap((line) => line.split(/\r\n|\r|\n/u));
        expect(plain.filter(isCommand)).toEqual([]);
        expect(warned.lines.join('')).not.toMatch(/[\r\n]/u);
      }),
    );
  });
});

describe('the logger of a terminal', () => {
  it('shows details only where they are asked for', async () => {
    const quiet = record((write) => createTerminalLogger(write, { verbose: false }));
    const verbose = record((write) => createTerminalLogger(write, { verbose: true }));
    for (const { logger } of [quiet, verbose]) {
      await logger.group('Step', async () => logger.debug('detail'));
      logger.info('info');
      logger.warn('care');
    }
    expect(quiet.lines).toEqual(['Step', 'info', 'warning: care']);
    expect(verbose.lines).toEqual(['Step', 'debug: detail', 'info', 'warning: care']);
  });

  it('lets no text move the cursor or turn the line around', () => {
    const { logger, lines } = record((write) => createTerminalLogger(write, { verbose: false }));
    logger.info('a\u001b[2Jb\u0007\u202ec\rd\ttab\nline');
    expect(lines).toEqual(['a[2Jbcd\ttab\nline']);
  });
});
