/** Reads the lines that `act --json` prints. */
import type { Annotation } from '../workflow-commands.ts';

interface ActStep {
  readonly name: string;
  readonly id: string;
  /** `success`, `failure` or `skipped`; undefined if it never ended. A step whose `if` says no has no entry. */
  readonly result: string | undefined;
  readonly log: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What it wrote to the step summary; empty if nothing. */
  readonly summary: string;
}

interface ActJob {
  /** As act names it: `gate/gate` for a job `gate` of a called workflow. */
  readonly name: string;
  /** `success` or `failure`; undefined if the job never ended. */
  readonly result: string | undefined;
  readonly steps: readonly ActStep[];
}

export interface ActLog {
  /** Only jobs that ran: act says nothing of a job whose `if` says no. */
  readonly jobs: readonly ActJob[];
  readonly annotations: readonly Annotation[];
  readonly summaries: readonly string[];
  /** Everything that was said, for messages of failed tests. */
  readonly text: string;
}

interface Line {
  readonly msg?: string;
  readonly job?: string;
  readonly jobResult?: string;
  readonly step?: string;
  readonly stepID?: readonly string[];
  readonly stage?: string;
  readonly stepResult?: string;
  readonly raw_output?: boolean;
  readonly command?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
  readonly arg?: string;
  readonly name?: string;
  readonly content?: string;
}

interface Mutable<Item> {
  value: Item;
}

function parseLine(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  return JSON.parse(text) as Line;
}

function annotationOf(line: Line): Annotation | undefined {
  const { command, kvPairs, arg } = line;
  if (command !== 'error' && command !== 'warning' && command !== 'notice') return undefined;
  return { level: command, message: arg ?? '', properties: kvPairs ?? {} };
}

function extendStep(step: ActStep, line: Line): ActStep {
  const annotation = annotationOf(line);
  const isOutput = line.command === 'set-output' && line.name !== undefined;
  return {
    ...step,
    // The steps of a composite action end before it does: the last word is the step's own.
    result: line.stepResult ?? step.result,
    log: line.raw_output === true ? [...step.log, (line.msg ?? '').replace(/\r?\n$/u, '')] : step.log,
    annotations: annotation === undefined ? step.annotations : [...step.annotations, annotation],
    outputs: isOutput ? { ...step.outputs, [line.name ?? '']: line.arg ?? '' } : step.outputs,
    // Composite actions repeat what their steps wrote.
    summary: line.command === 'summary' ? (line.content ?? '') : step.summary,
  };
}

function emptyStep(line: Line, id: string): ActStep {
  return {
    name: line.step ?? '',
    id,
    result: undefined,
    log: [],
    annotations: [],
    outputs: {},
    summary: '',
  };
}

function readJob(name: string, lines: readonly Line[]): ActJob {
  const steps = new Map<string, Mutable<ActStep>>();
  for (const line of lines.filter((candidate) => candidate.stage === 'Main')) {
    const id = line.stepID?.[0] ?? '';
    const step = steps.get(id) ?? { value: emptyStep(line, id) };
    step.value = extendStep(step.value, line);
    steps.set(id, step);
  }
  return {
    name: name.trim(),
    result: lines.findLast(({ jobResult }) => jobResult !== undefined)?.jobResult,
    steps: [...steps.values()].map(({ value }) => value),
  };
}

/** Sorts act's lines by job and step. */
export function readActLog(stdout: string): ActLog {
  const lines = stdout
    .split('\n')
    .map(parseLine)
    .filter((line) => line !== undefined);
  const names = [...new Set(lines.map(({ job }) => job).filter((job) => job !== undefined))];
  const jobs = names.map((name) =>
    readJob(
      name,
      lines.filter(({ job }) => job === name),
    ),
  );
  const steps = jobs.flatMap((job) => job.steps);
  return {
    jobs,
    annotations: steps.flatMap((step) => step.annotations),
    summaries: steps.map((step) => step.summary).filter((summary) => summary !== ''),
    text: lines.map(({ job, msg }) => `[${job ?? 'act'}] ${(msg ?? '').replace(/\n$/u, '')}`).join('\n'),
  };
}
