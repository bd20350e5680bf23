/**
 * Checks as JUnit XML, for CI systems that show results of tests. The format has no specification; this is the dialect
 * that Jenkins, GitLab and pytest's readers share (https://github.com/testmoapp/junitxml).
 */
import { groupBy } from '../group-by.ts';
import { REASON_WORDS } from '../view/outcomes.ts';
import type { Check, Evidence } from '../../schemas/evidence.generated.ts';
import { escapeXml } from './escape.ts';
import { listOutcomes, type ExportedCheck } from './list-outcomes.ts';

/**
 * One suite for each dataset, model and metrics file, one case for each check, named by its id. A check that blocks is a
 * `failure`. JUnit knows no warnings: whatever neither passed nor blocks is `skipped`, and its message begins with the
 * word for it.
 */
export function renderJunit(evidence: Evidence): string {
  const outcomes = listOutcomes(evidence.body);
  const suites = groupBy(outcomes, ({ check }) => suiteOf(check));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mlgate" ${countCases(outcomes)} time="${evidence.durationSeconds}">`,
    ...Array.from(suites, ([name, cases]) => writeSuite(name, cases, evidence)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf({ about: { dataset, model, metricsFile } }: Check): string {
  if (model !== undefined) return `models.${model}`;
  if (dataset !== undefined) return `data.${dataset}`;
  return metricsFile === undefined ? 'mlgate' : `metrics.${metricsFile}`;
}

function countCases(cases: readonly ExportedCheck[]): string {
  const failures = cases.filter(({ outcome }) => outcome === 'failed').length;
  const passed = cases.filter(({ outcome }) => outcome === 'passed').length;
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${cases.length - failures - passed}"`;
}

function writeSuite(name: string, cases: readonly ExportedCheck[], evidence: Evidence): string {
  const { digest, createdAt, source, body } = evidence;
  const properties = [
    ['evidence', digest],
    ['verdict', body.verdict],
    ...(source.commit === undefined ? [] : [['commit', source.commit] as const]),
  ] as const;
  // Without the zone's letter, as its readers want it.
  const timestamp = createdAt.replace(/(?:\.\d+)?Z$/, '');
  return [
    `  <testsuite name="${escapeXml(name)}" ${countCases(cases)} timestamp="${escapeXml(timestamp)}">`,
    '    <properties>',
    ...properties.map(([key, value]) => `      <property name="${key}" value="${escapeXml(value)}"/>`),
    '    </properties>',
    ...cases.map((one) => writeCase(name, one)),
    '  </testsuite>',
  ].join('\n');
}

function writeCase(suite: string, { check, outcome, word }: ExportedCheck): string {
  const { file, line } = check.source ?? {};
  const place = [
    ...(file === undefined ? [] : [` file="${escapeXml(file)}"`]),
    ...(line === undefined ? [] : [` line="${line}"`]),
  ].join('');
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(check.id)}"${place}`;
  if (outcome === 'passed') return `${head}/>`;
  const message = escapeXml(check.message);
  const type = escapeXml(check.reason === undefined ? word : REASON_WORDS[check.reason]);
  return outcome === 'failed'
    ? `${head}><failure type="${type}" message="${message}">${message}</failure></testcase>`
    : `${head}><skipped message="${word}: ${message}"/></testcase>`;
}
