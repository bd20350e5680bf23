/** What a command may touch of the process: passed in, so that tests can call commands with plain values. */
export interface CliContext {
  /** Standard output: the report, or with --json exactly one document. */
  readonly print: (text: string) => void;
  /** Standard error: progress and remarks. */
  readonly remark: (text: string) => void;
  /** Standard input, for commands that are told to read it. */
  readonly input: () => AsyncIterable<Uint8Array>;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether standard error is a terminal, where progress may be redrawn in place. */
  readonly interactive: boolean;
  readonly now: () => Date;
  /** The program that runs the query engine in a child process. */
  readonly engineWorker: string;
  /** The program that runs ONNX models in a child process. */
  readonly modelWorker: string;
  readonly version: string;
  readonly signal: AbortSignal;
}
