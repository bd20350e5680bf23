/**
 * The stages in their order: data, model, comparison. Each calls its domain room with plain values and adds to the
 * evidence; nothing here decides anything. Effects come in as arguments, so that the command line, the actions and
 * the tests run the same chain.
 */
import type { BaselineFound } from '../baseline/find-baseline.ts';
import { judgeRules } from '../comparison/rules/judge-rules.ts';
import { listRules } from '../comparison/rules/list-rules.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { Engine } from '../engine/engine.ts';
import type { ForeignSource } from '../evidence/foreign-source.ts';
import { makeEvidence } from '../evidence/evidence.ts';
import type { ModelRuntimes } from '../platform/model-runtimes/model-runtimes.ts';
import type { Config } from '../schemas/config.generated.ts';
import type { BaselineUsed, Evidence, EvidenceSource } from '../schemas/evidence.generated.ts';
import { assembleBody, toolOf } from './assemble-body.ts';
import { explainChanges } from './explain-changes.ts';
import { runDataStage } from './data-stage.ts';
import { runMetricsFileStage } from './metrics-file-stage.ts';
import { runModelStage } from './model-stage.ts';
import { noiseOfNumber, watchMain, type MainRecord } from './watch-main.ts';
import { readParams } from './params-stage.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import type { Stage } from './stages.ts';

export interface FileIdentity {
  readonly sha256: string;
  readonly bytes: number;
}

/** What the chain does to the world. Paths are as the config spells them: relative to its folder. */
export interface ChainEffects {
  readonly engine: Engine;
  /** Where a configured path is; refuses one that leads out of the config's folder. */
  readonly resolvePath: (path: string) => Promise<string>;
  /** The files that a pattern or a folder stands for, as a config names files; undefined for one file. */
  readonly listShards: (path: string) => Promise<readonly string[] | undefined>;
  /** The path as messages of failures show it: from where the user is. */
  readonly displayPath: (path: string) => string;
  /** The path as evidence names it: from the config's folder, wherever the command was started. */
  readonly evidencePath: (path: string) => string;
  /** The path of a file by its path from the folder of another. */
  readonly besidePath: (path: string, other: string) => string;
  readonly readText: (path: string) => Promise<string>;
  /** Undefined where there is no such file. */
  readonly readOptionalText: (path: string) => Promise<string | undefined>;
  readonly identifyFile: (path: string) => Promise<FileIdentity>;
  /** A file or folder of another tool's results. */
  readonly openForeign: (path: string) => Promise<ForeignSource>;
  readonly findBaseline: () => Promise<BaselineFound>;
  /** A file as a commit has it, as a path; throws a UserError where it is not on this machine. Absent without a clone. */
  readonly openCommitted?: (commit: string, path: string) => Promise<string>;
  /** Main's record on the baseline's branch, where there is one. */
  readonly openMainRecord?: () => Promise<MainRecord | undefined>;
  /** What `recompute` runs models with; absent where no config may ask for it. */
  readonly runtimes?: ModelRuntimes;
  readonly now: () => Date;
  /** Called when a stage begins on something: "data/customers". */
  readonly onStep: (step: string) => void;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export interface ChainRequest {
  readonly parsed: ParsedConfig;
  readonly stages: readonly Stage[];
  readonly source: EvidenceSource;
  readonly version: string;
}

export interface StoredOutcomes {
  readonly testSetDigest: string;
  readonly bytes: Uint8Array;
}

export interface ChainResult {
  readonly evidence: Evidence;
  /** Per-example outcomes in their stored form, by model: what tomorrow's candidate is paired with. */
  readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
}

/** Runs the chain and names what it found. Throws UserError and WorldError; a bad finding is a check, not a throw. */
export async function runChain(request: ChainRequest, effects: ChainEffects): Promise<ChainResult> {
  const started = effects.now();
  const params = await readParams(request.parsed, effects);
  const remembered = rememberAnswer(effects.findBaseline);
  const baseline = request.stages.includes('comparison') ? await remembered.ask() : undefined;
  const data = request.stages.includes('data')
    ? await runDataStage(request.parsed, remembered.ask, effects)
    : NO_FINDINGS;
  const model = await runModelStage(request, effects, baseline);
  const numbers = request.stages.includes('comparison')
    ? await runMetricsFileStage(request.parsed, effects, baseline, (file, key) =>
        noiseOfNumber(baseline?.evidence?.body.trends, file, key),
      )
    : NO_FINDINGS;
  const measured = mergeFindings([data, model.findings, numbers, params]);
  const rules = request.stages.includes('comparison')
    ? judgeRulesOf(request.parsed, measured, baseline?.used)
    : NO_FINDINGS;
  const changes = explainChanges({ ...measured, tool: toolOf(request) }, baseline?.evidence?.body);
  const watched = baseline === undefined ? NO_FINDINGS : await watch(request, effects, measured, baseline);
  const notes = baseline === undefined ? [] : noteOtherConfig(baseline, request.source);
  const findings: Findings = mergeFindings([measured, rules, { ...NO_FINDINGS, changes, notes }, watched]);
  // The data stage may have asked for main's record where no model is compared with it.
  const asked = baseline ?? (await remembered.answer());
  const used = asked && nameRescored(nameGivenPredictions(asked.used, request.parsed.config), model.rescored);
  const body = assembleBody(request, findings, used);
  const finished = effects.now();
  const durationSeconds = (finished.getTime() - started.getTime()) / 1000;
  return {
    evidence: makeEvidence(body, { source: request.source, createdAt: finished, durationSeconds }),
    outcomes: model.outcomes,
  };
}

interface Remembered<T> {
  readonly ask: () => Promise<T>;
  /** Undefined where nobody asked. */
  readonly answer: () => Promise<T> | undefined;
}

/** Asks once, and only if somebody wants to know. */
function rememberAnswer<T>(ask: () => Promise<T>): Remembered<T> {
  let answer: Promise<T> | undefined;
  return {
    ask: () => {
      answer ??= ask();
      return answer;
    },
    answer: () => answer,
  };
}

/** Rules may span models and files, so they are judged when everything has been measured. */
function judgeRulesOf(
  { config, locate }: ParsedConfig,
  { metrics }: Findings,
  baseline: BaselineUsed | undefined,
): Findings {
  const rules = listRules(config, locate);
  const { alpha } = config.comparison;
  return { ...NO_FINDINGS, checks: judgeRules({ rules, metrics, baseline, alpha }) };
}

async function watch(
  { parsed, source }: ChainRequest,
  effects: ChainEffects,
  { metrics }: Findings,
  { used, evidence }: BaselineFound,
): Promise<Findings> {
  const record = await effects.openMainRecord?.();
  return await watchMain({ parsed, source, metrics, baseline: evidence?.body, since: used.commit, record });
}

/** Rungs whose evidence this config should have made itself. */
const OWN_RUNGS: readonly BaselineUsed['rung'][] = ['exact', 'ancestor', 'newest', 'artifact'];

/** Where two configs share a branch, what one recorded is compared with what the other measures. */
function noteOtherConfig({ used, evidence }: BaselineFound, own: EvidenceSource): readonly string[] {
  const config = evidence?.source.config;
  if (config === undefined || own.config === undefined || config === own.config) return [];
  if (!OWN_RUNGS.includes(used.rung)) return [];
  return [
    `The baseline was recorded by another config, \`${config}\`. If both are in use, give each a \`baseline.branch\` of its own.`,
  ];
}

/** Predictions that the config gives are the last rung of the ladder: without evidence, but better than nothing. */
function nameGivenPredictions(used: BaselineUsed, config: Config): BaselineUsed {
  if (used.rung !== 'none') return used;
  const given = Object.values(config.models ?? {})
    .map((model) => model['baseline-predictions'])
    .find((path) => path !== undefined);
  return given === undefined ? used : { ...used, rung: 'file', path: given };
}

/** Models whose baseline was scored again are named with the rung that their recorded numbers come from. */
function nameRescored(used: BaselineUsed, rescored: readonly string[]): BaselineUsed {
  return rescored.length === 0 ? used : { ...used, rescored };
}
