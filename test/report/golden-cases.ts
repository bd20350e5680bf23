/** The cases under test/golden/report: a folder with `evidence.json`, perhaps `options.json`, and what the renderers make of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { makeEvidence, parseEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import type { Trust } from '../../src/report/view/summarise.ts';

const GOLDEN_FOLDER = new URL('../golden/report/', import.meta.url);
/** When the golden reports are read. */
export const GOLDEN_NOW = new Date('2026-11-21T10:20:00Z');

/** What a case may say besides its evidence. */
interface CaseOptions {
  readonly trust?: Trust;
  readonly marker?: string;
  readonly runUrl?: string;
  readonly htmlUrl?: string;
}

export interface GoldenCase {
  readonly name: string;
  readonly folder: URL;
  readonly evidence: Evidence;
  readonly options: CaseOptions & { readonly title: string; readonly now: Date; readonly trust: Trust };
}

/** All cases, by name. With UPDATE_GOLDEN=1 evidence may have been edited by hand: its digest is made anew. */
export function listGoldenCases(): readonly GoldenCase[] {
  return readdirSync(GOLDEN_FOLDER).sort().map(readGoldenCase);
}

/** One case. */
export function readGoldenCase(name: string): GoldenCase {
  const folder = new URL(`${name}/`, GOLDEN_FOLDER);
  const optionsFile = new URL('options.json', folder);
  const options: CaseOptions = existsSync(optionsFile)
    ? (JSON.parse(readFileSync(optionsFile, 'utf8')) as CaseOptions)
    : {};
  const text = readFileSync(new URL('evidence.json', folder), 'utf8');
  const evidence = parseEvidence(process.env['UPDATE_GOLDEN'] === '1' ? digestAnew(text) : text, name);
  return { name, folder, evidence, options: { title: 'mlgate', now: GOLDEN_NOW, trust: 'own', ...options } };
}

function digestAnew(text: string): string {
  const edited = JSON.parse(text) as Evidence;
  const { createdAt, durationSeconds, source } = edited;
  return JSON.stringify(
    makeEvidence(edited.body, { createdAt: new Date(createdAt), durationSeconds, source }),
  );
}
