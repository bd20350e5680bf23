import { contributionOf } from '../evidence/verdict.ts';
import type { Check, ConfigSource, Evidence, Policy } from '../schemas/evidence.generated.ts';
import { cleanLine, shorten } from './clean-text.ts';
import { countOf } from './format-number.ts';
import { nameQuestion, nameCheckSubject } from './view/outcomes.ts';

type AnnotationLevel = 'error' | 'warning' | 'notice';

/** A message that GitHub shows beside the code, and in the list of a run. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
  /** Path from the repository's root. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** The runner shows this many annotations of each level for a step (`_maxCountPerIssueType`) and drops the rest in silence. */
const MOST_PER_LEVEL = 10;
/** The runner cuts a message after this many characters (`_maxIssueMessageLength`). */
const MAX_MESSAGE = 4096;
const MAX_TITLE = 255;

/**
 * One annotation for each check that a reader must look at, in the order of the config. With `enforce: false` nothing
 * is an error, because nothing is blocked. At most 10 of each level: the last one then says how many more there are.
 * Evidence names files relative to the config's folder; `folder` is that folder, relative to the repository's root.
 */
export function listAnnotations(evidence: Evidence, folder = ''): readonly Annotation[] {
  const { checks, policy } = evidence.body;
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const ofLevel = checks.filter((check) => levelOf(check, policy) === level);
    if (ofLevel.length <= MOST_PER_LEVEL) return ofLevel.map((check) => annotate(check, level, folder));
    const shown = ofLevel.slice(0, MOST_PER_LEVEL - 1).map((check) => annotate(check, level, folder));
    return [...shown, countRest(level, ofLevel.length - shown.length)];
  });
}

function annotate(check: Check, level: AnnotationLevel, folder: string): Annotation {
  return {
    level,
    title: shorten(`${nameCheckSubject(check)}: ${nameQuestion(check)}`, MAX_TITLE),
    message: shorten(check.message, MAX_MESSAGE),
    ...locateInRepository(check.source, folder),
  };
}

function countRest(level: AnnotationLevel, count: number): Annotation {
  const message = `GitHub shows ${MOST_PER_LEVEL} of a kind for each step. The report of this step lists them all.`;
  return { level, title: `${countOf(count, 'more finding')} of this kind`, message };
}

function levelOf(check: Check, policy: Policy): AnnotationLevel | undefined {
  if (check.verdict === 'pass' || check.verdict === 'skipped') return undefined;
  const effect = contributionOf(check, policy);
  if (effect === 'fail') return policy.enforce ? 'error' : 'warning';
  return effect === 'warn' ? 'warning' : 'notice';
}

/** `a/b` and `../c` is `a/c`. */
function joinPath(folder: string, file: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${file}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${file.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/**
 * Where a check was asked for, as a path from the repository's root. A path that leads out of the repository is nobody's
 * file: then there is no place.
 */
export function locateInRepository(
  source: ConfigSource | undefined,
  folder: string,
): Pick<Annotation, 'file' | 'line' | 'column'> {
  if (source === undefined) return {};
  const file = joinPath(folder, cleanLine(source.file));
  const leadsOut = /^[/\\]|^[a-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(file);
  if (leadsOut) return {};
  return {
    file,
    ...(source.line === undefined ? {} : { line: source.line }),
    ...(source.line === undefined || source.column === undefined ? {} : { column: source.column }),
  };
}

/**
 * The line that makes the runner show an annotation: `::error title=…,file=…,line=…,col=…::message`, escaped as the
 * Actions toolkit does it (packages/core/src/command.ts), so that no text can begin a command of its own.
 */
export function toWorkflowCommand(annotation: Annotation): string {
  const properties = [
    ['title', annotation.title],
    ['file', annotation.file],
    ['line', annotation.line],
    ['col', annotation.column],
  ] as const;
  const written = properties
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${annotation.level}${written === '' ? '' : ` ${written}`}::${escapeData(annotation.message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
