/** What other programs read of evidence: golden files that those programs have accepted, and hostile names. */
import { existsSync, readFileSync } from 'node:fs';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/evidence/digest.ts';
import { UserError } from '../../../src/evidence/errors.ts';
import { chooseBlessing } from '../../../src/report/exports/blessing.ts';
import { renderInToto } from '../../../src/report/exports/in-toto.ts';
import { renderJunit } from '../../../src/report/exports/junit.ts';
import { listOutcomes } from '../../../src/report/exports/list-outcomes.ts';
import { renderOpenMetrics } from '../../../src/report/exports/openmetrics.ts';
import { renderSarif } from '../../../src/report/exports/sarif.ts';
import type { Check, Evidence, Policy } from '../../../src/schemas/evidence.generated.ts';
import { readGoldenCase } from '../golden-cases.ts';
import { hostileText } from '../hostile-text.ts';

const CASES = ['regression-and-data', 'not-enforced', 'metrics-file', 'data-only'];
const FOLDER = new URL('../../golden/exports/', import.meta.url);

const RENDERERS: Readonly<Record<string, (evidence: Evidence) => string>> = {
  'junit.xml': renderJunit,
  sarif: renderSarif,
  'openmetrics.txt': renderOpenMetrics,
  'in-toto.json': renderInToto,
};

/** Names that mean something to each of the formats. */
const HOSTILE = '"]]></a>\\ {0} [x](javascript:alert(1)) \u0000\u001B[31m\u202E\uD800 \n# EOF\n&amp;<b>é漢😀';

function withName(evidence: Evidence, name: string): Evidence {
  const { body } = evidence;
  return {
    ...evidence,
    source: { ...evidence.source, repository: name, config: `${name}/mlgate.yml` },
    body: {
      ...body,
      subjects: body.subjects.map((subject) => ({ ...subject, name })),
      checks: body.checks.map((check, at) => ({
        ...check,
        id: `${name}/${at}`,
        name,
        about: { model: name, slice: name },
        message: name,
        ...(check.source === undefined ? {} : { source: { ...check.source, file: name } }),
      })),
      metrics: body.metrics.map((metric) => ({ ...metric, name, about: { model: name, slice: name } })),
    },
  };
}

function fails({ verdict, severity }: Check): boolean {
  return verdict === 'fail' && severity === 'fail';
}

const hostile = withName(readGoldenCase('regression-and-data').evidence, HOSTILE);

describe('golden files', () => {
  const validated = JSON.parse(readFileSync(new URL('validated.json', FOLDER), 'utf8')) as {
    readonly files: Readonly<Record<string, string>>;
  };
  const cases = [
    ...CASES.map((name) => [name, readGoldenCase(name).evidence] as const),
    ['hostile', hostile] as const,
  ];

  for (const [name, evidence] of cases) {
    for (const [ending, render] of Object.entries(RENDERERS)) {
      if (ending === 'in-toto.json' && evidence.body.subjects.length === 0) continue;
      const file = `${name}.${ending}`;
      it(`${file} is what was accepted by a reader of the format`, async () => {
        const text = render(evidence);
        await expect(text).toMatchFileSnapshot(`../../golden/exports/${file}`);
        // `python test/fixtures/generate/validate_exports.py` reads each with the real parser and lists it.
        expect(validated.files[file]).toBe(sha256(text));
      });
    }
  }

  it('are all there', () => {
    for (const file of Object.keys(validated.files)) expect(existsSync(new URL(file, FOLDER))).toBe(true);
  });
});

const POLICY: Policy = {
  digest: 'a'.repeat(64),
  enforce: true,
  alpha: 0.05,
  inconclusive: 'warn',
  noBaseline: 'pass',
};

function checkOf(verdict: Check['verdict'], more: Partial<Check> = {}): Check {
  return { id: 'x', name: 'at-least', about: {}, severity: 'fail', verdict, message: 'm', ...more };
}

describe('outcomes', () => {
  it.each([
    ['pass', {}, {}, 'passed', 'passed'],
    ['fail', {}, {}, 'failed', 'failed'],
    ['fail', { severity: 'warn' }, {}, 'warned', 'warning'],
    ['fail', {}, { enforce: false }, 'warned', 'not enforced'],
    ['inconclusive', {}, {}, 'warned', 'inconclusive'],
    ['inconclusive', {}, { inconclusive: 'fail' }, 'failed', 'inconclusive'],
    ['inconclusive', {}, { inconclusive: 'pass' }, 'skipped', 'inconclusive'],
    ['inconclusive', { reason: 'no-baseline' }, {}, 'skipped', 'inconclusive'],
    ['warn', {}, {}, 'warned', 'warning'],
    ['skipped', {}, {}, 'skipped', 'skipped'],
  ] as const)('of %s with %j under %j are %s (%s)', (verdict, more, policy, outcome, word) => {
    const { body } = readGoldenCase('all-pass').evidence;
    const checks = [checkOf(verdict, more)];
    expect(listOutcomes({ ...body, checks, policy: { ...POLICY, ...policy } })).toMatchObject([
      { outcome, word },
    ]);
  });
});

describe('JUnit', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });

  interface Case {
    readonly name: string;
    readonly failure?: unknown;
    readonly skipped?: { readonly message: string };
  }

  function read(evidence: Evidence) {
    const document = parser.parse(renderJunit(evidence)) as {
      readonly testsuites: Readonly<Record<'tests' | 'failures' | 'skipped', string>> & {
        readonly testsuite: readonly { readonly name: string; readonly testcase: readonly Case[] }[];
      };
    };
    return document.testsuites;
  }

  it('has a case for each check, and counts them', () => {
    const { evidence } = readGoldenCase('regression-and-data');
    const { testsuite, tests, failures, skipped } = read(evidence);
    const cases = testsuite.flatMap(({ testcase }) => testcase);
    expect(cases).toHaveLength(evidence.body.checks.length);
    expect(Number(tests)).toBe(cases.length);
    const failed = evidence.body.checks.filter(fails).length;
    expect(cases.filter(({ failure }) => failure !== undefined)).toHaveLength(failed);
    expect(Number(failures)).toBe(failed);
    expect(cases.filter((one) => one.skipped !== undefined)).toHaveLength(Number(skipped));
  });

  it('fails where nothing was checked and the verdict is fail', () => {
    const { evidence } = readGoldenCase('all-pass');
    const body = { ...evidence.body, checks: [], verdict: 'fail' } as const;
    expect(read({ ...evidence, body })).toMatchObject({ tests: '1', failures: '1' });
    expect(read({ ...evidence, body: { ...body, verdict: 'skipped' } })).toMatchObject({ tests: '0' });
  });

  it('fails nothing that does not block, and says so', () => {
    const { failures, testsuite } = read(readGoldenCase('not-enforced').evidence);
    expect(Number(failures)).toBe(0);
    const messages = testsuite.flatMap(({ testcase }) => testcase.map((one) => one.skipped?.message ?? ''));
    expect(messages.some((message) => message.startsWith('not enforced: '))).toBe(true);
  });

  it('is well-formed, and holds no control character, whatever names are', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const text = renderJunit(withName(readGoldenCase('data-only').evidence, name));
        expect(XMLValidator.validate(text)).toBe(true);
        // XML 1.0, production 2: Char.
        expect(text).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
      }),
    );
  });
});

interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}

function runOf(evidence: Evidence): SarifLog['runs'][number] | undefined {
  return (JSON.parse(renderSarif(evidence)) as SarifLog).runs[0];
}

describe('SARIF', () => {
  it('has a result at the line of the config for each check that failed or warned', () => {
    const { evidence } = readGoldenCase('regression-and-data');
    const run = runOf(evidence);
    const wanted = evidence.body.checks.filter(({ verdict }) => !['pass', 'skipped'].includes(verdict));
    expect(run?.results).toHaveLength(wanted.length);
    for (const [at, result] of (run?.results ?? []).entries()) {
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      const { artifactLocation, region } = result.locations[0]?.physicalLocation ?? {};
      expect(artifactLocation?.uri).toBe(wanted[at]?.source?.file ?? 'mlgate.yml');
      expect(region?.startLine).toBe(wanted[at]?.source?.line ?? 1);
    }
  });

  it('leads nowhere out of the repository, and makes no link or placeholder', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostileText, fc.constantFrom('../../x', '/etc/passwd', 'C:\\x', 'http://x/y')),
        (name) => {
          for (const { message, locations } of runOf(withName(readGoldenCase('data-only').evidence, name))
            ?.results ?? []) {
            expect(message.text).not.toContain('](');
            expect(message.text.replaceAll('{{', '').replaceAll('}}', '')).not.toMatch(/[{}]/);
            const { uri } = locations[0]?.physicalLocation.artifactLocation ?? { uri: 'x' };
            const resolved = new URL(uri, 'https://repository.example/root/').href;
            expect(resolved).toMatch(/^https:\/\/repository\.example\/root\//);
          }
        },
      ),
    );
  });
});

describe('OpenMetrics', () => {
  it('has one line for each number, and ends as it must, whatever names are', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const text = renderOpenMetrics(withName(readGoldenCase('regression-and-data').evidence, name));
        const lines = text.split('\n');
        expect(lines.slice(-2)).toEqual(['# EOF', '']);
        const others = lines
          .slice(0, -2)
          .filter(
            (line) =>
              !/^(?:# (?:TYPE|HELP) mlgate_\w+ .+|mlgate_\w+(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)+\})? \S+)$/u.test(
                line,
              ),
          );
        expect(others).toEqual([]);
        const samples = lines
          .filter((line) => !line.startsWith('#'))
          .map((line) => line.replace(/ \S+$/, ''));
        expect(samples).toEqual([...new Set(samples)]);
      }),
    );
  });
});

describe('in-toto', () => {
  it('names the bytes, and the checks by what became of them', () => {
    const { evidence } = readGoldenCase('regression-and-data');
    const statement = JSON.parse(renderInToto(evidence)) as {
      readonly subject: readonly unknown[];
      readonly predicate: Readonly<Record<string, readonly unknown[]>> & { readonly result: string };
    };
    expect(statement.subject).toEqual(
      evidence.body.subjects.map(({ name, sha256: digest }) => ({ name, digest: { sha256: digest } })),
    );
    expect(statement.predicate.result).toBe('FAILED');
    const failed = evidence.body.checks.filter(fails).map(({ id }) => id);
    expect(statement.predicate['failedTests']).toEqual(failed);
  });

  it('is refused where there are no bytes to speak of', () => {
    expect(() => renderInToto(readGoldenCase('data-only').evidence)).toThrow(UserError);
  });
});

describe('a blessing', () => {
  it.each([
    ['pass', 'BLESSED'],
    ['warn', 'BLESSED'],
    ['fail', 'NOT_BLESSED'],
    ['inconclusive', 'NOT_BLESSED'],
    ['skipped', 'NOT_BLESSED'],
  ] as const)('of %s is %s, also where nothing is enforced', (verdict, blessing) => {
    const { evidence } = readGoldenCase('not-enforced');
    expect(chooseBlessing({ ...evidence, body: { ...evidence.body, verdict } })).toBe(blessing);
  });
});
