import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { printEvidence } from '../evidence/evidence.ts';
import { renderHtml } from '../report/html/render-html.ts';
import { renderMarkdown, type MarkdownOptions } from '../report/markdown/render-markdown.ts';
import type { ChainResult } from './chain.ts';
import { explainWriteFailure } from './explain-write-failure.ts';

/** Where a run left its files. Absolute paths. */
export interface WrittenFiles {
  readonly evidence: string;
  readonly markdown: string;
  readonly html: string | undefined;
  readonly outcomes: readonly string[];
}

/** Writes a file whole or not at all. Throws a WorldError, or a UserError where the path leads through a file. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw explainWriteFailure(error, path);
  }
}

/** Keeps git from showing, and people from committing, a folder of results: outcomes are private and made anew each run. */
export async function hideFromGit(folder: string): Promise<void> {
  await writeWhole(join(folder, '.gitignore'), '*\n');
}

/** Evidence, report and outcomes in a folder: what `mlgate run` leaves, and what the actions hand on. */
export async function writeResults(
  folder: string,
  result: ChainResult,
  options: MarkdownOptions,
  html: boolean,
): Promise<WrittenFiles> {
  const files = {
    evidence: join(folder, 'evidence.json'),
    markdown: join(folder, 'report.md'),
    html: html ? join(folder, 'report.html') : undefined,
  };
  await writeWhole(files.evidence, printEvidence(result.evidence));
  await writeWhole(files.markdown, renderMarkdown(result.evidence, options));
  if (files.html !== undefined) await writeWhole(files.html, renderHtml(result.evidence, options));
  const outcomes: string[] = [];
  for (const [model, { bytes }] of result.outcomes) {
    const path = join(folder, 'outcomes', `${model}.bin`);
    await writeWhole(path, bytes);
    outcomes.push(path);
  }
  return { ...files, outcomes };
}
