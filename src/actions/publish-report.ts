import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredOutcomes } from '../chain/chain.ts';
import { writeExports } from '../chain/write-exports.ts';
import { writeResults, type WrittenFiles } from '../chain/write-results.ts';
import { WorldError } from '../evidence/errors.ts';
import { exitCodeOf } from '../evidence/verdict.ts';
import { MAX_SUMMARY_BYTES, writeOutputs, writeSummary } from '../platform/actions-io.ts';
import { uploadArtifact } from '../platform/artifacts.ts';
import { renderMarkdown, type MarkdownOptions } from '../report/markdown/render-markdown.ts';
import { resultsFolder, type ActionContext } from './action.ts';
import type { Judged } from './judge-by-base.ts';
import { logReport } from './log-report.ts';
import { writeComment, type CommentPlace } from './write-comment.ts';

/** Characters of Markdown that stay below the summary's limit in bytes even if every character takes four. */
const MAX_SUMMARY_CHARACTERS = MAX_SUMMARY_BYTES / 4;

export interface Publication {
  readonly judged: Judged;
  readonly trust: MarkdownOptions['trust'];
  /** The run that made the evidence. */
  readonly runUrl: string;
  /** Per-example outcomes that are handed on with the evidence. */
  readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
  /** Name of the artifact; undefined uploads none. */
  readonly artifact: string | undefined;
  /** Undefined writes none. */
  readonly comment: CommentPlace | undefined;
}

/**
 * Writes the report's files, uploads them, and shows them: log, step summary, outputs, pull-request comment. Returns
 * the exit code of the verdict. Throws a WorldError after everything has been shown that could be.
 */
export async function publishReport(context: ActionContext, publication: Publication): Promise<number> {
  const { judged, outcomes, trust, runUrl, comment } = publication;
  const { evidence, parsed } = judged;
  const { title, html, exports } = parsed.config.report;
  const base: MarkdownOptions = { title, now: context.now(), trust, runUrl };
  const folder = resultsFolder(context, 'report');
  const written = await writeResults(folder, { evidence, outcomes }, base, html);
  const exported = await writeExports(folder, evidence, exports);
  const upload = await tryUpload(context, publication.artifact, { ...written, exported });
  const options: MarkdownOptions = upload.kind === 'page' ? { ...base, htmlUrl: upload.url } : base;
  logReport(context, evidence, options);
  await writeSummary(renderMarkdown(evidence, { ...options, maxCharacters: MAX_SUMMARY_CHARACTERS }));
  writeOutputs({
    verdict: evidence.body.verdict,
    evidence: written.evidence,
    report: written.markdown,
    html: written.html ?? '',
  });
  if (comment !== undefined) await writeComment(context, judged, options, comment);
  if (upload.kind === 'failed') throw upload.error;
  return exitCodeOf(evidence.body.verdict, parsed.config.enforce);
}

type Upload =
  | { readonly kind: 'page'; readonly url: string }
  | { readonly kind: 'no-page' }
  | { readonly kind: 'failed'; readonly error: WorldError };

/** What is uploaded, with the files for other programs. */
type UploadedFiles = WrittenFiles & { readonly exported: readonly string[] };

/** A service that is down must not keep the verdict from the reader. */
async function tryUpload(
  context: ActionContext,
  artifact: string | undefined,
  written: UploadedFiles,
): Promise<Upload> {
  if (artifact === undefined) return { kind: 'no-page' };
  try {
    return await context.logger.group(
      'Artifacts',
      async () => await uploadResults(context, artifact, written),
    );
  } catch (error) {
    if (error instanceof WorldError) return { kind: 'failed', error };
    throw error;
  }
}

/** Uploads the evidence as an archive and the page as it is, so that a browser opens it. */
async function uploadResults(
  context: ActionContext,
  artifact: string,
  written: UploadedFiles,
): Promise<Upload> {
  const folder = resultsFolder(context, 'report');
  const files = [written.evidence, written.markdown, ...written.exported, ...written.outcomes];
  await uploadArtifact({ name: artifact, files, folder });
  if (written.html === undefined) return { kind: 'no-page' };
  const page = join(folder, `${artifact}.html`);
  await copyFile(written.html, page);
  const { id } = await uploadArtifact({ name: `${artifact}.html`, files: [page], folder, unpacked: true });
  return { kind: 'page', url: `${context.run.runUrl}/artifacts/${id}` };
}
