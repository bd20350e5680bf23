/** What a promotion came to, for the step summary and the terminal. Pure functions of its result. */
import picocolors from 'picocolors';
import { escapeCode, escapeMessage, escapeText } from './markdown/escape.ts';
import { escapeTerminal } from './terminal/escape.ts';
import { wrapText } from './terminal/layout.ts';

interface FindingReport {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

/** The result of a promotion, as far as it is shown. */
interface PromotionReport {
  readonly decision: 'promoted' | 'unchanged' | 'refused';
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly reason: string;
  readonly actor: string;
  readonly digest?: string;
  readonly from?: string;
  readonly tags: readonly string[];
  readonly target?: string;
  readonly ledger?: { readonly commit: string | undefined; readonly sequence: number; readonly hash: string };
  readonly evidence?: {
    readonly digest: string;
    readonly commit?: string;
    readonly createdAt: string;
    readonly verified: 'artifact' | 'run' | 'ledger' | 'no';
  };
  readonly reasons: readonly FindingReport[];
  readonly warnings: readonly FindingReport[];
}

const SIGNS = { promoted: '✅', unchanged: '➖', refused: '❌' } as const;
const TERMINAL_SIGNS = { promoted: '✓', unchanged: '-', refused: '✗' } as const;

const VERIFIED = {
  artifact: "verified: its run, and the run's own artifact",
  run: 'verified: its run',
  ledger: 'verified by an earlier promotion',
  no: 'not verified',
} as const;

/** One line of the facts: plain words and values that are shown as code. */
interface Fact {
  readonly name: string;
  readonly parts: readonly (string | { readonly code: string })[];
}

/** Markdown for the step summary. */
export function renderPromotionMarkdown(report: PromotionReport): string {
  const { decision, model, version, stage } = report;
  const title = `## ${SIGNS[decision]} ${nameDecision(decision)}: ${escapeCode(model)} ${escapeCode(version)} → ${escapeCode(stage)}`;
  const rows = listFacts(report).map(({ name, parts }) => {
    const cell = parts.map((part) => (typeof part === 'string' ? escapeText(part) : escapeCode(part.code)));
    return `| ${name} | ${cell.join(' ')} |`;
  });
  const findings = [
    ...report.reasons.map((finding) => writeFinding('❌', finding)),
    ...report.warnings.map((finding) => writeFinding('⚠️', finding)),
  ];
  return [
    title,
    '',
    ...findings,
    ...(findings.length === 0 ? [] : ['']),
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function writeFinding(sign: string, { code, message, help }: FindingReport): string {
  return `- ${sign} **${escapeMessage(message)}** ${escapeMessage(help)} (${escapeCode(code)})`;
}

function nameDecision(decision: PromotionReport['decision']): string {
  return decision === 'promoted' ? 'Promoted' : decision === 'refused' ? 'Not promoted' : 'Unchanged';
}

function listFacts(report: PromotionReport): readonly Fact[] {
  const { digest, from, tags, target, ledger, evidence, actor, reason } = report;
  const facts: readonly (Fact | undefined)[] = [
    digest === undefined ? undefined : { name: 'Digest', parts: [{ code: digest }] },
    from === undefined ? undefined : { name: 'Before', parts: [{ code: from }] },
    tags.length === 0
      ? undefined
      : { name: tags.length === 1 ? 'Tag' : 'Tags', parts: nameTags(tags, target) },
    evidence === undefined ? undefined : { name: 'Evidence', parts: nameEvidence(evidence) },
    ledger === undefined
      ? undefined
      : { name: 'Ledger', parts: [`entry ${ledger.sequence},`, { code: ledger.hash }] },
    { name: 'Asked by', parts: [actor] },
    { name: 'Reason', parts: [reason] },
  ];
  return facts.filter((fact) => fact !== undefined);
}

function nameTags(tags: readonly string[], target: string | undefined): Fact['parts'] {
  const names = tags.map((code) => ({ code }));
  return target === undefined ? names : [...names, 'at commit', { code: target }];
}

function nameEvidence({
  digest,
  commit,
  createdAt,
  verified,
}: NonNullable<PromotionReport['evidence']>): Fact['parts'] {
  const of = commit === undefined ? [] : ['of commit', { code: commit }];
  return [{ code: digest }, ...of, 'made', { code: createdAt }, VERIFIED[verified]];
}

const LEAST_WIDTH = 60;
const MOST_WIDTH = 120;
const INDENT = '  ';

export interface PromotionTerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; 60 to 120 are used. */
  readonly width: number;
}

/** Plain lines for a terminal. */
export function renderPromotionTerminal(report: PromotionReport, options: PromotionTerminalOptions): string {
  const colors = picocolors.createColors(options.color);
  const width = Math.min(Math.max(options.width, LEAST_WIDTH), MOST_WIDTH);
  const { decision, model, version, stage } = report;
  const paint = decision === 'refused' ? colors.red : decision === 'promoted' ? colors.green : colors.dim;
  const title = `${TERMINAL_SIGNS[decision]} ${nameDecision(decision)}: ${escapeTerminal(`${model} ${version}`)} → ${escapeTerminal(stage)}`;
  const wrap = (text: string) => wrapText(escapeTerminal(text), width - INDENT.length);
  const findings = [
    ...report.reasons.map((finding) => ({ sign: colors.red('✗'), ...finding })),
    ...report.warnings.map((finding) => ({ sign: colors.yellow('!'), ...finding })),
  ].flatMap(({ sign, message, help }) => [
    ...wrap(message).map((line, index) => `${index === 0 ? sign : ' '} ${line}`),
    ...wrap(help).map((line) => `${INDENT}${colors.dim(line)}`),
  ]);
  const facts = listFacts(report).flatMap(({ name, parts }) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : part.code)).join(' ');
    return wrap(`${name}: ${text}`).map((line) => `${INDENT}${line}`);
  });
  return `${[paint(title), '', ...findings, ...(findings.length === 0 ? [] : ['']), ...facts].join('\n')}\n`;
}
