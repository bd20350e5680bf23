/**
 * Checks that a reader must look at as SARIF 2.1.0 (OASIS standard, 2020), for code scanning: each at the line of the
 * config that asked for it.
 */
import { sha256 } from '../../evidence/digest.ts';
import type { Check, Evidence } from '../../schemas/evidence.generated.ts';
import { locateInRepository } from '../annotations.ts';
import { nameCheckSubject, nameQuestion } from '../view/outcomes.ts';
import { escapePath, escapeSarifMessage } from './escape.ts';
import { listOutcomes, type ExportedCheck } from './list-outcomes.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const USUAL_CONFIG = 'mlgate.yml';

/**
 * One result for each check that failed or warned. A rule is a kind of check; what tells results apart from run to run
 * is the check's id. Code scanning wants a place for each: without one it is the config's first line.
 */
export function renderSarif(evidence: Evidence): string {
  const { body, source } = evidence;
  const found = listOutcomes(body).filter(({ outcome }) => outcome === 'failed' || outcome === 'warned');
  const rules = [...new Set(found.map(({ check }) => ruleId(check.name)))];
  const configSource = { file: source.config ?? USUAL_CONFIG, key: '' };
  const config = locateInRepository(configSource, '').file ?? USUAL_CONFIG;
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mlgate',
            version: body.tool.version,
            rules: rules.map((id) => ({ id, shortDescription: { text: `The check ${id} of mlgate.` } })),
          },
        },
        automationDetails: { id: 'mlgate/' },
        columnKind: 'utf16CodeUnits',
        results: found.map((one) => writeResult(one, rules, config)),
        properties: { evidence: evidence.digest, verdict: body.verdict },
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** Kinds of checks have plain names; evidence may say anything. */
function ruleId(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '-');
}

function writeResult({ check, outcome, word }: ExportedCheck, rules: readonly string[], config: string) {
  const what = `${nameCheckSubject(check)}: ${nameQuestion(check)}`;
  const text = `${what} (${word}). ${check.message}`;
  return {
    ruleId: ruleId(check.name),
    ruleIndex: rules.indexOf(ruleId(check.name)),
    level: outcome === 'failed' ? 'error' : 'warning',
    message: { text: escapeSarifMessage(text) },
    locations: [{ physicalLocation: describePlace(check, config) }],
    partialFingerprints: { 'mlgateCheck/v1': sha256(check.id) },
  };
}

function describePlace({ source }: Check, config: string) {
  const folder = config.split('/').slice(0, -1).join('/');
  const place = locateInRepository(source, folder);
  const { line = 1, column } = place;
  return {
    artifactLocation: { uri: escapePath(place.file ?? config), uriBaseId: '%SRCROOT%' },
    region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) },
  };
}
