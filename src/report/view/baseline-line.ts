import type { BaselineUsed } from '../../schemas/evidence.generated.ts';
import { countOf, formatDuration } from '../format-number.ts';
import type { BaselineView } from './report-view.ts';

/** Digits of a commit that are shown, as git does. */
const COMMIT_DIGITS = 7;

/** The first digits of a commit's hash. */
export function shortenCommit(commit: string): string {
  return commit.slice(0, COMMIT_DIGITS);
}

/** What was compared with: which rung of the ladder, which commit, how far and how old, and why no better one held. */
export function describeBaseline(baseline: BaselineUsed, createdAt: string): BaselineView {
  const details = [describeDistance(baseline), describeAge(baseline, createdAt)].filter(
    (part) => part !== undefined,
  );
  const what = describeRung(baseline);
  return {
    sentence: details.length === 0 ? `${what}.` : `${what}, ${details.join(', ')}.`,
    tried: baseline.tried,
  };
}

function describeRung(baseline: BaselineUsed): string {
  const commit = baseline.commit === undefined ? 'a commit of main' : `\`${shortenCommit(baseline.commit)}\``;
  const sentences: Readonly<Record<BaselineUsed['rung'], string>> = {
    exact: `Compared with ${commit}, the commit that this change was applied to`,
    ancestor: `Compared with ${commit}, the nearest earlier commit of main that has evidence`,
    newest: `Compared with ${commit}, the newest commit of main that has evidence`,
    artifact: `Compared with the artifact of the last good run on main (${commit})`,
    history: `Compared with what another tool's history has for ${commit}`,
    champion: `Compared with the champion of the registry (${commit})`,
    file: `Compared with the file \`${baseline.path ?? 'given'}\``,
    none: 'There was no baseline to compare with',
  };
  return sentences[baseline.rung];
}

function describeDistance(baseline: BaselineUsed): string | undefined {
  if (baseline.distance === undefined || baseline.distance === 0) return undefined;
  const wanted = baseline.wanted === undefined ? 'the wanted one' : `\`${shortenCommit(baseline.wanted)}\``;
  return `${countOf(baseline.distance, 'commit')} before ${wanted}`;
}

/** Age at the time of the test: the report may be read much later. */
function describeAge(baseline: BaselineUsed, createdAt: string): string | undefined {
  if (baseline.recordedAt === undefined) return undefined;
  const seconds = (Date.parse(createdAt) - Date.parse(baseline.recordedAt)) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  return seconds < 0 ? 'recorded after this test' : `recorded ${formatDuration(seconds)} earlier`;
}
