import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { machineEnvironment } from '../helpers/run-process.ts';

const EXAMPLE = 'examples/bird-strikes';
/** Fetched packages are kept between runs of the tests. */
const TOOL_CACHE = join(REPOSITORY_ROOT, 'node_modules', '.cache', 'mlgate-test-tools');
/** The example recomputes its predictions; the first time ever, what runs them has to be fetched. */
const FETCHING_TIMEOUT = 300_000;
const OLDEST = [20, 19] as const;
const output = mkdtempSync(join(tmpdir(), 'mlgate-command-line-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** The Node that the machine itself has, beside the one that this repository brings. */
function findOwnNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  return folders
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
    .find((path) => existsSync(path) && isSupported(path));
}

function isSupported(node: string): boolean {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

const ownNode = findOwnNode();
const NODES: readonly (readonly [string, string])[] = [
  ['the Node that actions run on', process.execPath],
  ...(ownNode === undefined ? [] : [["the machine's own Node", ownNode] as const]),
];

function run(node: string, words: readonly string[]) {
  return spawnSync(node, ['dist/cli.js', ...words], {
    encoding: 'utf8',
    env: { ...machineEnvironment(), HOME: output, RUNNER_TOOL_CACHE: TOOL_CACHE },
  });
}

describe.each(NODES)('dist/cli.js on %s', (_name, node) => {
  it('prints its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(run(node, ['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it(
    'lets the candidate of the example through',
    () => {
      const { status, stdout, stderr } = run(node, [
        'run',
        '--config',
        `${EXAMPLE}/mlgate.yml`,
        '--output',
        join(output, 'a'),
        '--json',
      ]);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stderr).toMatch(/^(?:Fetching ONNX Runtime .*\n)?$/);
      const evidence = parseEvidence(stdout, 'standard output');
      expect(evidence.body.verdict).toBe('pass');
      expect(evidence.body.subjects[0]?.binding).toBe('recomputed');
      expect(evidence.body.metrics.find((metric) => metric.name === 'roc_auc')?.comparison).toMatchObject({
        method: 'paired',
        pairs: 3000,
      });
      expect(readFileSync(join(output, 'a', 'report.html'), 'utf8')).toContain('<svg');
      expect(readFileSync(join(output, 'a', 'report.md'), 'utf8')).toContain('mlgate: pass');
    },
    FETCHING_TIMEOUT,
  );

  it('says no to the broken variant, in words', () => {
    const { status, stdout } = run(node, [
      'run',
      '--config',
      `${EXAMPLE}/mlgate.broken.yml`,
      '--output',
      join(output, 'b'),
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('mlgate: fail');
    expect(stdout).toMatch(
      /ROC AUC fell by 0\.\d+ \(90 % interval 0\.\d+ to 0\.\d+ worse\), more than the 0\.02 allowed\./,
    );
    expect(stdout).toMatch(/2 rows repeat the `strike_id` of another row/);
    const { body } = parseEvidence(readFileSync(join(output, 'b', 'evidence.json'), 'utf8'), 'b');
    const drift = body.checks.find(({ id }) => id === 'data/birdstrikes/drift')?.message;
    // As the README of the example says.
    expect(drift).toMatch(
      /^6 of 13 columns have drifted from main \(300 beside 10,000 rows\): `Origin State`/,
    );
    expect(drift).toContain('Of 4 other columns these rows cannot tell.');
    const found = body.checks.filter(({ id, verdict }) => /integrity|privacy/.test(id) && verdict !== 'pass');
    expect(found.map(({ id }) => id)).toEqual(['data/birdstrikes/integrity/MIXED_TYPES']);
  });

  it(
    'does what the source does, to the byte',
    () => {
      const built = run(node, [
        'run',
        '--config',
        `${EXAMPLE}/mlgate.yml`,
        '--output',
        join(output, 'c'),
        '--json',
      ]);
      const source = spawnSync(
        process.execPath,
        [
          'scripts/mlgate.ts',
          'run',
          '--config',
          `${EXAMPLE}/mlgate.yml`,
          '--output',
          join(output, 'd'),
          '--json',
        ],
        { encoding: 'utf8' },
      );
      expect(parseEvidence(built.stdout, 'dist').digest).toBe(parseEvidence(source.stdout, 'source').digest);
    },
    FETCHING_TIMEOUT,
  );
});

describe('dist/cli.js on a Node that is too old', () => {
  it.each(['18.20.4', '20.18.3', '12.22.0'])('%s gets a message, not a syntax error', (version) => {
    const script = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); await import(process.cwd() + '/dist/cli.js');`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toBe(
      `mlgate needs Node 20.19 or newer; this is Node ${version}. Get a newer one from https://nodejs.org, or run mlgate as a GitHub Action, which brings its own.\n`,
    );
  });

  it('is written in what Node 12 parses', () => {
    expect(readFileSync('dist/cli.js', 'utf8')).not.toMatch(
      /\b(const|let|class|async|await)\b|=>|\?\.|\?\?|`/,
    );
  });
});
