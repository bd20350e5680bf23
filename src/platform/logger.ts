/** What a run says to people while it works. Findings are not logged, they are evidence. */
export interface Logger {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Shown only where somebody asked for more. */
  readonly debug: (text: string) => void;
  /** Runs `work` with its lines folded under a name, or indented under it. */
  readonly group: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/** Where lines go: standard output of a job, standard error of a terminal. */
export type WriteLine = (line: string) => void;

/**
 * Logs as a runner reads it: warnings and groups are workflow commands. Plain lines are made harmless, because a
 * runner obeys every line that starts with `::` or holds `##[`, also one that came out of a data file.
 */
export function createActionsLogger(write: WriteLine): Logger {
  return {
    info: (text) => write(disarm(text)),
    warn: (text) => write(`::warning::${escapeCommandData(text)}`),
    debug: (text) => write(`::debug::${escapeCommandData(text)}`),
    group: async (name, work) => {
      write(`::group::${escapeCommandData(name)}`);
      try {
        return await work();
      } finally {
        write('::endgroup::');
      }
    },
  };
}

/** Logs to a terminal's standard error: standard output belongs to the command's result. */
export function createTerminalLogger(write: WriteLine, options: { readonly verbose: boolean }): Logger {
  const show = (text: string) => write(removeControls(text));
  return {
    info: show,
    warn: (text) => show(`warning: ${text}`),
    debug: (text) => {
      if (options.verbose) show(`debug: ${text}`);
    },
    group: (name, work) => {
      show(name);
      return work();
    },
  };
}

/**
 * The value of a workflow command, escaped as the runner reads it back (actions/runner, ActionCommand.cs):
 * `%`, CR and LF.
 */
function escapeCommandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A character that shows nothing and parts two others. */
const ZERO_WIDTH_SPACE = '\u200b';

function disarm(text: string): string {
  return disarmCommands(removeControls(text));
}

/** Text of which no line is a workflow command, in either of the runner's two syntaxes. */
export function disarmCommands(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line.replace(/^(\s*)::/u, `$1:${ZERO_WIDTH_SPACE}:`).replaceAll('##[', `#${ZERO_WIDTH_SPACE}#[`),
    )
    .join('\n');
}

/** Without the control characters that move a cursor, ring or recolour; CR would let a line overwrite itself. */
function removeControls(text: string): string {
  return (
    text
      .replaceAll('\r\n', '\n')
      // eslint-disable-next-line no-control-regex -- control characters are what is removed
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, '')
  );
}
