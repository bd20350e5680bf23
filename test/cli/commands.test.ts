/** Every command, with the real engine in its child process. */
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEvidence, parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import {
  CUSTOMERS_CSV,
  CUSTOMERS_SCHEMA,
  mlgate,
  mlgateJson,
  predictions,
  PROJECT,
  useFolders,
  writeFiles,
} from './harness.ts';

const makeFolder = useFolders();

async function readEvidence(folder: string, path = '.mlgate/evidence.json'): Promise<Evidence> {
  return parseEvidence(await readFile(join(folder, path), 'utf8'), path);
}

function idsOf({ body }: Evidence): readonly string[] {
  return body.checks.map(({ id }) => id);
}

describe('mlgate run', () => {
  it('runs every stage, prints the report and says where the files are', async () => {
    const folder = await makeFolder(PROJECT);
    const { exitCode, out, err } = await mlgate(folder, ['run']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^✓ mlgate: pass/);
    expect(out).toContain('evidence  .mlgate/evidence.json\n');
    expect(out).toContain('report    .mlgate/report.md\n');
    expect(out).toContain('page      .mlgate/report.html\n');
    const evidence = await readEvidence(folder);
    expect(evidence.source).toEqual({});
    expect(evidence.body.verdict).toBe('pass');
    expect(idsOf(evidence)).toEqual(
      expect.arrayContaining([
        'model/churn/predictions',
        'model/churn/baseline-predictions',
        'model/churn/accuracy/at-least',
        'model/churn/accuracy/max-regression',
        'metrics/training/train.loss/at-most',
      ]),
    );
    expect(new Set(idsOf(evidence)).size).toBe(idsOf(evidence).length);
    expect(JSON.stringify(evidence)).not.toContain(basename(folder));
    const files = (await readdir(join(folder, '.mlgate'), { recursive: true })).toSorted();
    expect(files).toEqual([
      '.gitignore',
      'evidence.json',
      'outcomes',
      'outcomes/churn.bin',
      'report.html',
      'report.md',
    ]);
    expect(await readFile(join(folder, '.mlgate/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('prints nothing but the evidence with --json, the same that it writes', async () => {
    const folder = await makeFolder(PROJECT);
    const { exitCode, out, err } = await mlgateJson(folder, ['run', '--output', 'results']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(await readFile(join(folder, 'results/evidence.json'), 'utf8'));
    // A folder that somebody chose is theirs to commit.
    expect(await readdir(join(folder, 'results'))).not.toContain('.gitignore');
  });

  it('runs from another folder, with a config that lies elsewhere', async () => {
    const folder = await makeFolder(
      Object.fromEntries(Object.entries(PROJECT).map(([path, text]) => [`gates/${path}`, text])),
    );
    await mkdir(join(folder, 'elsewhere'));
    const below = await mlgate(folder, ['run', '-c', 'gates/mlgate.yml']);
    expect(below.exitCode).toBe(0);
    expect(below.out).toContain('evidence  gates/.mlgate/evidence.json');
    const beside = await mlgate(join(folder, 'elsewhere'), ['run', '-c', '../gates/mlgate.yml']);
    expect(beside.exitCode).toBe(0);
    expect(beside.out).toContain('evidence  ../gates/.mlgate/evidence.json');
  });

  it('says no with 1, and with `enforce: false` says the same with 0', async () => {
    const broken = CUSTOMERS_CSV.replace('2,paid', '2,gold');
    const folder = await makeFolder({ ...PROJECT, 'data/customers.csv': broken });
    const enforced = await mlgate(folder, ['run']);
    expect(enforced.exitCode).toBe(1);
    expect(enforced.out).toMatch(/^✗ mlgate: fail/);
    expect(enforced.out).toMatch(/row 2: "?gold"?/);
    await writeFile(join(folder, 'mlgate.yml'), `${String(PROJECT['mlgate.yml'])}enforce: false\n`);
    const shown = await mlgate(folder, ['run']);
    expect(shown.exitCode).toBe(0);
    expect((await readEvidence(folder)).body.verdict).toBe('fail');
  });

  it('writes no page where the config wants none', async () => {
    const folder = await makeFolder({
      ...PROJECT,
      'mlgate.yml': `${String(PROJECT['mlgate.yml'])}report: { html: false }\n`,
    });
    const { out } = await mlgate(folder, ['run']);
    expect(out).not.toContain('report.html');
    expect(await readdir(join(folder, '.mlgate'))).not.toContain('report.html');
  });

  it('shows what it does on a terminal, and clears the line before the report', async () => {
    const folder = await makeFolder(PROJECT);
    const order: string[] = [];
    const context = {
      interactive: true,
      print: (text: string) => order.push(`out ${text}`),
      remark: (text: string) => order.push(`err ${text}`),
    };
    await mlgate(folder, ['run'], context);
    const firstPrint = order.findIndex((entry) => entry.startsWith('out '));
    expect(
      order.slice(0, firstPrint).filter((entry) => entry.includes('data/customers')).length,
    ).toBeGreaterThan(0);
    expect(order.slice(0, firstPrint).some((entry) => entry.includes('models/churn'))).toBe(true);
    expect(order[firstPrint - 1]).toBe('err \r\u001B[2K');
    expect(order.slice(firstPrint).every((entry) => entry.startsWith('out '))).toBe(true);
  });

  it('clears the line before an error too', async () => {
    const folder = await makeFolder({ ...PROJECT, 'out/metrics.json': '{' });
    const { err } = await mlgate(folder, ['run'], { interactive: true });
    expect(err).toContain('\r\u001B[2Kmlgate: out/metrics.json is not JSON');
  });
});

describe('mlgate validate, test and compare with a config', () => {
  it('run their own stage and no other', async () => {
    const folder = await makeFolder(PROJECT);
    expect((await mlgate(folder, ['validate'])).exitCode).toBe(0);
    const data = await readEvidence(folder);
    expect(idsOf(data).every((id) => id.startsWith('data/customers/'))).toBe(true);
    expect(data.body.metrics).toEqual([]);
    expect((await mlgate(folder, ['test'])).exitCode).toBe(0);
    expect(idsOf(await readEvidence(folder))).toEqual([
      'model/churn/predictions',
      'model/churn/accuracy/at-least',
    ]);
    expect((await mlgate(folder, ['compare'])).exitCode).toBe(0);
    const compared = await readEvidence(folder);
    expect(idsOf(compared)).toContain('model/churn/accuracy/max-regression');
    expect(idsOf(compared).some((id) => id.startsWith('data/'))).toBe(false);
    expect(compared.body.baseline?.path).toBe('out/baseline.csv');
  });

  it('say so where the config has nothing for them', async () => {
    const folder = await makeFolder({
      ...PROJECT,
      'mlgate.yml': 'version: 1\nmetrics: { training: { path: out/metrics.json } }\n',
    });
    const { exitCode, document } = await mlgateJson(folder, ['validate']);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ body: { verdict: 'skipped', checks: [] } });
  });
});

describe('mlgate validate FILE --schema SCHEMA', () => {
  it.each([
    ['beside', 'work', 'data.csv', 's.json'],
    ['above', 'work/deep', '../data.csv', '../s.json'],
    ['in a folder with a dot-dot in the middle', 'work', 'deep/../data.csv', './s.json'],
  ])('reads files %s, needs no config, and writes nothing', async (_name, cwd, data, schema) => {
    const folder = await makeFolder({
      'work/data.csv': CUSTOMERS_CSV,
      'work/s.json': CUSTOMERS_SCHEMA,
      'work/deep/x': '',
    });
    const { exitCode, out, err } = await mlgate(join(folder, cwd), ['validate', data, '--schema', schema]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/data +3 rows × 3 columns +12 of 12 passed/);
    expect(await readdir(join(folder, 'work'))).toEqual(['data.csv', 'deep', 's.json']);
  });

  it('takes absolute paths and links, and keeps them out of the evidence', async () => {
    const folder = await makeFolder({ 'a/data.csv': CUSTOMERS_CSV, 's.json': CUSTOMERS_SCHEMA, 'b/x': '' });
    await symlink(join(folder, 'a/data.csv'), join(folder, 'b/link.csv'));
    for (const data of [join(folder, 'a/data.csv'), join(folder, 'b/link.csv')]) {
      const { exitCode, document } = await mlgateJson(join(folder, 'b'), [
        'validate',
        data,
        '-s',
        join(folder, 's.json'),
      ]);
      expect(exitCode).toBe(0);
      expect(JSON.stringify(document)).not.toContain(basename(folder));
      expect(document).toMatchObject({ body: { inputs: [{ path: basename(data) }, { path: 's.json' }] } });
    }
  });

  it('keeps two files of one name apart', async () => {
    const folder = await makeFolder({ 'a/x.json': CUSTOMERS_SCHEMA, 'b/x.json': '{}' });
    const { exitCode, err } = await mlgate(folder, ['validate', 'b/x.json', '--schema', 'a/x.json']);
    expect(exitCode).toBe(2);
    expect(err).toContain('data/x.json is not a JSON array of objects');
  });

  it('takes a name that no config could hold', async () => {
    const folder = await makeFolder({ 'a b/d*ta (1).csv': CUSTOMERS_CSV, 'schéma?.json': CUSTOMERS_SCHEMA });
    const { exitCode, out } = await mlgate(folder, [
      'validate',
      'a b/d*ta (1).csv',
      '--schema',
      'schéma?.json',
    ]);
    expect(out).toContain('3 rows × 3 columns');
    expect(exitCode).toBe(0);
  });

  it('shows as many examples as it is asked for, and where each rule stands', async () => {
    const rows = Array.from({ length: 9 }, (_, row) => `${row + 1},gold,1`).join('\n');
    const folder = await makeFolder({
      'd.csv': `customer,plan,spent\n${rows}\n`,
      's.json': CUSTOMERS_SCHEMA,
    });
    for (const [words, count] of [
      [[], 5],
      [['--examples', '2'], 2],
      [['--examples', '0'], undefined],
    ] as const) {
      const { exitCode, document } = await mlgateJson(folder, [
        'validate',
        'd.csv',
        '-s',
        's.json',
        ...words,
      ]);
      expect(exitCode).toBe(1);
      const failed = (document as Evidence).body.checks.find(({ verdict }) => verdict === 'fail');
      expect(failed?.violations).toBe(9);
      expect(failed?.examples?.length).toBe(count);
      expect(failed?.source).toMatchObject({ file: 's.json', line: 1 });
    }
  });

  it('writes evidence and report where --output says', async () => {
    const folder = await makeFolder({ 'd.csv': CUSTOMERS_CSV, 's.json': CUSTOMERS_SCHEMA });
    const { out } = await mlgate(folder, ['validate', 'd.csv', '-s', 's.json', '-o', 'a/b']);
    expect(out).toContain('evidence  a/b/evidence.json');
    expect((await readdir(join(folder, 'a/b'))).toSorted()).toEqual([
      'evidence.json',
      'report.html',
      'report.md',
    ]);
  });

  it.each([
    [['validate', 'd.csv'], /needs --schema SCHEMA/],
    [['validate', '--schema', 's.json'], /`mlgate validate --schema` needs FILE/],
    [['validate', '--examples', '3'], /`mlgate validate --examples` needs FILE/],
    [
      ['validate', 'd.csv', '-s', 's.json', '--examples', 'abc'],
      /--examples is `abc`; it must be a whole number from 0 to 50/,
    ],
    [['validate', 'd.csv', '-s', 's.json', '--examples', '51'], /--examples is `51`/],
    [['validate', 'd.csv', '-s', 's.json', '--examples', '-1'], /argument is ambiguous|--examples is `-1`/],
    [['validate', 'd.csv', '-s', 's.json', '--examples=1e1'], /--examples is `1e1`/],
  ] as const)('refuses %j', async (words, message) => {
    const { exitCode, err } = await mlgate(
      await makeFolder({ 'd.csv': CUSTOMERS_CSV, 's.json': CUSTOMERS_SCHEMA }),
      words,
    );
    expect(err).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('needs no git', async () => {
    const folder = await makeFolder({ 'd.csv': CUSTOMERS_CSV, 's.json': CUSTOMERS_SCHEMA });
    const { exitCode, err } = await mlgate(folder, ['validate', 'd.csv', '-s', 's.json'], {
      environment: { PATH: folder },
    });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  });
});

describe('mlgate compare --candidate FILE --baseline FILE', () => {
  const COLUMNS = ['--id', 'id', '--target', 'target', '--score', 'score'];

  it('compares files from anywhere without a config', async () => {
    const folder = await makeFolder({
      'new/p.csv': predictions(600, 9),
      'old/p.csv': predictions(600, 8),
      'x/y': '',
    });
    const words = [
      'compare',
      '--candidate',
      '../new/p.csv',
      '--baseline',
      join(folder, 'old/p.csv'),
      ...COLUMNS,
    ];
    const { exitCode, out, err } = await mlgate(join(folder, 'x'), words);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/roc_auc +0\.875 +0\.847/);
    expect(await readdir(join(folder, 'x'))).toEqual(['y']);
    const { document } = await mlgateJson(join(folder, 'x'), words);
    expect(JSON.stringify(document)).not.toContain(basename(folder));
    expect(document).toMatchObject({ body: { baseline: { rung: 'file', path: 'baseline/p.csv' } } });
  });

  it('gates the metric of the task, or the one that is named, by the margin', async () => {
    const folder = await makeFolder({ 'new.csv': predictions(600, 5), 'old.csv': predictions(600, 20) });
    const words = ['compare', '--candidate', 'new.csv', '--baseline', 'old.csv', ...COLUMNS];
    for (const [more, id, exitCode] of [
      [['--max-regression', '0.02'], 'model/model/roc_auc/max-regression', 1],
      [['--max-regression', '0.02', '--metric', 'accuracy'], 'model/model/accuracy/max-regression', 1],
      [['--max-regression', '30%', '--metric', 'acc'], 'model/model/accuracy/max-regression', 0],
    ] as const) {
      const found = await mlgateJson(folder, [...words, ...more]);
      expect(found.exitCode).toBe(exitCode);
      const check = (found.document as Evidence).body.checks.find((each) => each.id === id);
      expect(check?.source).toEqual({ file: 'the command line', key: '--max-regression' });
    }
  });

  it('says that a model is unchanged', async () => {
    const folder = await makeFolder({ 'new.csv': predictions(60, 9), 'old.csv': predictions(60, 9) });
    const words = [
      'compare',
      '--candidate',
      'new.csv',
      '--baseline',
      'old.csv',
      ...COLUMNS,
      '--max-regression',
      '0',
    ];
    const { exitCode, out } = await mlgate(folder, words);
    expect(out).toContain('= unchanged');
    expect(exitCode).toBe(0);
  });

  it('knows labels and values too', async () => {
    const rows = Array.from({ length: 90 }, (_, row) => row);
    const labels = (wrong: number) =>
      `id,truth,said\n${rows.map((row) => `${row},${'abc'[row % 3]},${'abc'[(row % wrong === 0 ? row + 1 : row) % 3]}`).join('\n')}\n`;
    const values = (error: number) =>
      `id,truth,said\n${rows.map((row) => `${row},${row},${row + error * (row % 5)}`).join('\n')}\n`;
    const folder = await makeFolder({
      'a.csv': labels(9),
      'b.csv': labels(10),
      'c.csv': values(0.1),
      'd.csv': values(0.2),
    });
    const columns = ['--id', 'id', '--target', 'truth', '--prediction', 'said', '--max-regression', '20%'];
    const classes = await mlgate(folder, [
      'compare',
      '--candidate',
      'a.csv',
      '--baseline',
      'b.csv',
      ...columns,
      '--task',
      'multiclass-classification',
    ]);
    expect(classes.out).toContain('macro_f1');
    expect(classes.exitCode).toBe(0);
    const unsaid = await mlgate(folder, [
      'compare',
      '--candidate',
      'c.csv',
      '--baseline',
      'd.csv',
      ...columns,
    ]);
    expect(unsaid.exitCode).toBe(2);
    expect(unsaid.err).toContain('needs --task with --prediction: labels and values look alike');
    const numbers = await mlgate(folder, [
      'compare',
      '--candidate',
      'c.csv',
      '--baseline',
      'd.csv',
      ...columns,
      '--task',
      'regression',
    ]);
    expect(numbers.out).toMatch(/mae .*✓ pass/);
    expect(numbers.exitCode).toBe(0);
  });

  it.each([
    [[], /needs --baseline when it compares two files/],
    [['--baseline', 'b.csv'], /needs --score or --prediction/],
    [['--baseline', 'b.csv', '--score', 'score'], /needs --id when/],
    [['--baseline', 'b.csv', '--id', '', '--target', 'target', '--score', 'score'], /needs --id when/],
    [
      ['--baseline', 'b.csv', ...COLUMNS, '--task', 'binary'],
      /--task is `binary`; it must be one of .*Did you mean `binary-classification`\?/,
    ],
    [
      ['--baseline', 'b.csv', ...COLUMNS, '--max-regression', 'abc'],
      /--max-regression is `abc`; it must be a number of at least 0/,
    ],
    [['--baseline', 'b.csv', ...COLUMNS, '--max-regression', '0x10'], /--max-regression is `0x10`/],
    [
      ['--baseline', 'b.csv', ...COLUMNS, '--metric', 'accuracy'],
      /--metric says which metric --max-regression is about; give both/,
    ],
    [
      ['--baseline', 'b.csv', ...COLUMNS, '--metric', 'acuracy', '--max-regression', '1%'],
      /^mlgate: --metric: is no metric that mlgate knows\. Did you mean `accuracy`\?/,
    ],
    [
      ['--baseline', 'b.csv', ...COLUMNS, '--max-regression', '2'],
      /^mlgate: --max-regression: 2 would allow any change/,
    ],
    [['--baseline', 'b.csv', ...COLUMNS, '--positive', 'maybe'], /--positive|maybe/],
  ] as const)('refuses what is missing or wrong: %j', async (words, message) => {
    const folder = await makeFolder({ 'a.csv': predictions(20, 5), 'b.csv': predictions(20, 5) });
    const { exitCode, out, err } = await mlgate(folder, ['compare', '--candidate', 'a.csv', ...words]);
    expect(err).toMatch(message);
    expect(err).not.toContain('models.model');
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  });
});

describe('mlgate report', () => {
  it('renders evidence on the terminal, as Markdown and as HTML, and as itself', async () => {
    const folder = await makeFolder(PROJECT);
    await mlgate(folder, ['run']);
    const terminal = await mlgate(folder, ['report']);
    expect(terminal.out).toMatch(/^✓ mlgate: pass/);
    const markdown = await mlgate(folder, [
      'report',
      '.mlgate/evidence.json',
      '-f',
      'markdown',
      '--title',
      'My gate',
    ]);
    expect(markdown.out).toContain('My gate');
    expect(markdown.out).toContain('|');
    const html = await mlgate(folder, ['report', '--format', 'html']);
    expect(html.out).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
    const json = await mlgateJson(folder, ['report']);
    expect(json.document).toEqual(await readEvidence(folder));
    for (const { exitCode, err } of [terminal, markdown, html, json])
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  });

  it('writes what other programs read, to standard output or to a file', async () => {
    const folder = await makeFolder(PROJECT);
    await mlgate(folder, ['run']);
    const begins = {
      junit: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="mlgate"/,
      sarif: /^\{\n {2}"\$schema": "[^"]*sarif-schema-2\.1\.0\.json"/,
      openmetrics: /^# TYPE mlgate_evidence info\n[\s\S]*\n# EOF\n$/,
    };
    for (const [format, begin] of Object.entries(begins)) {
      const { out, exitCode } = await mlgate(folder, ['report', '--format', format]);
      expect(out).toMatch(begin);
      expect(exitCode).toBe(0);
      const written = await mlgate(folder, ['report', '--format', format, '--output', `out/${format}`]);
      expect(written).toMatchObject({ out: '', exitCode: 0 });
      expect(await readFile(join(folder, 'out', format), 'utf8')).toBe(out);
    }
  });

  it('blesses, and takes a blessing back', async () => {
    const folder = await makeFolder(PROJECT);
    await mlgate(folder, ['run']);
    const bless = async () => await mlgate(folder, ['report', '--format', 'blessing', '-o', 'blessing']);
    expect((await bless()).exitCode).toBe(0);
    expect(await readdir(join(folder, 'blessing'))).toEqual(['BLESSED']);
    const evidence = await readEvidence(folder);
    const failed = { ...evidence.body, checks: [], verdict: 'fail' as const };
    await writeFile(
      join(folder, '.mlgate/evidence.json'),
      printEvidence(
        makeEvidence(failed, { createdAt: new Date(), durationSeconds: 1, source: evidence.source }),
      ),
    );
    expect((await bless()).exitCode).toBe(1);
    expect(await readdir(join(folder, 'blessing'))).toEqual(['NOT_BLESSED']);
    const { exitCode, err } = await mlgate(folder, ['report', '--format', 'blessing']);
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: 'mlgate: --format blessing needs --output: the folder of the blessing.\n',
    });
  });

  it('merges what the steps of one run wrote', async () => {
    const folder = await makeFolder(PROJECT);
    await mlgate(folder, ['validate', '-o', 'a']);
    await mlgate(folder, ['compare', '-o', 'b']);
    const { exitCode, document } = await mlgateJson(folder, ['report', 'a/evidence.json', 'b/evidence.json']);
    expect(exitCode).toBe(0);
    const merged = document as Evidence;
    expect(idsOf(merged)).toEqual([
      ...idsOf(await readEvidence(folder, 'a/evidence.json')),
      ...idsOf(await readEvidence(folder, 'b/evidence.json')),
    ]);
  });

  it('ends with what the evidence says', async () => {
    const folder = await makeFolder({ ...PROJECT, 'data/customers.csv': 'customer,plan,spent\n' });
    await mlgate(folder, ['run']);
    expect((await mlgate(folder, ['report'])).exitCode).toBe(1);
  });

  it('refuses a format that it does not have', async () => {
    const { exitCode, err } = await mlgate(await makeFolder(), ['report', '--format', 'pdf']);
    expect(err).toContain(
      '--format is `pdf`; it must be one of terminal, markdown, html, junit, sarif, openmetrics, in-toto, blessing.',
    );
    expect(exitCode).toBe(2);
  });
});

describe('mlgate schema check', () => {
  it('knows a config from a data schema, by its name or by its content', async () => {
    const folder = await makeFolder({
      ...PROJECT,
      'gate.yaml': PROJECT['mlgate.yml'] ?? '',
      'gate.json': '{"version": 1, "metrics": {"a": {"path": "a.json"}}}',
      's.json': CUSTOMERS_SCHEMA,
      'v.yml': 'type: object\nproperties:\n  version: { type: integer }\nrequired: [version]\n',
    });
    const config = 'a valid config: 1 dataset, 1 model, 1 metrics file.';
    for (const [file, says] of [
      ['mlgate.yml', config],
      ['gate.yaml', config],
      ['gate.json', 'a valid config: 0 datasets, 0 models, 1 metrics file.'],
      ['s.json', 'a valid data schema: 3 columns, 2 of them required.'],
      ['v.yml', 'a valid data schema: 1 column, 1 of them required.'],
    ] as const) {
      expect(await mlgate(folder, ['schema', 'check', file])).toEqual({
        exitCode: 0,
        out: `${file}: ${says}\n`,
        err: '',
      });
    }
    const { document } = await mlgateJson(folder, ['schema', 'check', 's.json']);
    expect(document).toEqual({ file: 's.json', kind: 'data-schema', valid: true, columns: 3, required: 2 });
  });

  it('lists all mistakes, also bounds that no metric can have', async () => {
    const folder = await makeFolder({
      'mlgate.yml': String(PROJECT['mlgate.yml']).replace('at-least: 0.7', 'at-least: 70'),
      'b.yml': 'version: 1\nmodls: {}\nenforce: maybe\n',
    });
    const bound = await mlgate(folder, ['schema', 'check', 'mlgate.yml']);
    expect(bound.err).toMatch(
      /mlgate\.yml:10:\d+: `models\.churn\.metrics\.accuracy\.at-least`: 70 can never decide\. Did you mean 0\.7\?/,
    );
    expect(bound.exitCode).toBe(2);
    const keys = await mlgateJson(folder, ['schema', 'check', 'b.yml']);
    expect(keys.err).toMatch(/has 3 mistakes/);
    expect(keys.document).toMatchObject({ error: { kind: 'user' } });
    expect(keys.exitCode).toBe(2);
  });
});

describe('mlgate explain', () => {
  it("explains everything, a key, and a key with the user's own names", async () => {
    const folder = await makeFolder();
    expect((await mlgate(folder, ['explain'])).out).toMatch(/Keys:[\s\S]* {2}models /);
    const { exitCode, out } = await mlgate(folder, [
      'explain',
      'models.churn.metrics.roc_auc.max-regression',
    ]);
    expect(exitCode).toBe(0);
    expect(out).toContain('non-inferiority');
    const { document } = await mlgateJson(folder, ['explain', 'enforce']);
    expect(document).toEqual({ key: 'enforce', text: expect.stringContaining('Default:  true') as string });
  });

  it('suggests what was meant', async () => {
    const { exitCode, err } = await mlgate(await makeFolder(), ['explain', 'enforse']);
    expect(err).toContain('Did you mean `enforce`?');
    expect(exitCode).toBe(2);
  });
});

describe('mlgate doctor', () => {
  it('finds all that is needed', async () => {
    const folder = await makeFolder(PROJECT);
    const environment = { PATH: process.env['PATH'], HOME: folder, GIT_CEILING_DIRECTORIES: folder };
    const { out, exitCode } = await mlgate(folder, ['doctor'], { environment });
    expect(out).toMatch(/^ok {6}Node: \d+\.\d+\.\d+ on /);
    expect(out).toMatch(/\nok {6}query engine: DuckDB answers in its child process \(2 columns/);
    expect(out).toMatch(/\nok {6}config: mlgate\.yml is valid \(1 dataset, 1 model\)\n/);
    expect(out).toMatch(/\nmissing git: .*is not in a git repository/);
    expect(exitCode).toBe(2);
  });

  it('says what is missing and whose turn it is', async () => {
    const folder = await makeFolder();
    const noConfig = await mlgateJson(folder, ['doctor']);
    expect(noConfig.document).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({
          what: 'config',
          ok: false,
          detail: 'there is no mlgate.yml; `mlgate init` writes one',
        }),
      ]) as unknown,
    });
    const noEngine = await mlgate(folder, ['doctor'], { engineWorker: join(folder, 'nothing.js') });
    expect(noEngine.out).toMatch(/missing query engine: /);
    expect(noEngine.exitCode).toBe(3);
    const noGit = await mlgate(folder, ['doctor'], { environment: { PATH: folder } });
    expect(noGit.out).toMatch(/missing git: .*not installed/);
    expect(noGit.exitCode).toBe(3);
  });
});

async function initAndRun(folder: string): Promise<{ readonly config: string; readonly said: string }> {
  const { exitCode, out, err } = await mlgate(folder, ['init']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect((await mlgate(folder, ['schema', 'check', 'mlgate.yml'])).exitCode).toBe(0);
  return { config: await readFile(join(folder, 'mlgate.yml'), 'utf8'), said: out };
}

function rename(text: string): string {
  return text.replace('id,target,score', 'customer_id,churned,p_churn');
}

describe('mlgate init', () => {
  it('gates a table that it finds, and the gate runs at once', async () => {
    const folder = await makeFolder({ 'data/customers.csv': CUSTOMERS_CSV });
    const { config, said } = await initAndRun(folder);
    expect(said).toBe(
      'Wrote mlgate.yml, schemas/customers.schema.json.\nNext: look at it, then `mlgate run`.\n',
    );
    expect(config).toContain('path: data/customers.csv');
    const { exitCode, out } = await mlgate(folder, ['run']);
    expect(out).toMatch(/^✓ mlgate: pass/);
    expect(exitCode).toBe(0);
  });

  it('recognizes predictions and those of the baseline', async () => {
    const folder = await makeFolder({
      'out/predictions.csv': rename(predictions(300, 9)),
      'baseline/predictions.csv': rename(predictions(300, 8)),
      'model.onnx': 'bytes',
    });
    const { config } = await initAndRun(folder);
    expect(config).toContain('task: binary-classification');
    expect(config).toContain('baseline-predictions: baseline/predictions.csv');
    expect(config).toContain('artifact: model.onnx');
    const { exitCode, out } = await mlgate(folder, ['run']);
    expect(out).toContain('roc_auc');
    expect(exitCode).toBe(0);
  });

  it('takes the metrics files of DVC, and says what to do first', async () => {
    const folder = await makeFolder({
      'dvc.yaml': 'stages:\n  eval:\n    cmd: x\n    metrics:\n      - eval/summary.json: { cache: false }\n',
      'eval/summary.json': '{"val_loss": 0.4, "rows": 10}',
    });
    const { config } = await initAndRun(folder);
    expect(config).toContain('path: eval/summary.json');
    expect(config).toContain('dvc pull');
    expect((await mlgate(folder, ['run'])).exitCode).toBe(0);
  });

  it.each(['mlruns/0/meta.yaml', 'mlflow.db'])('speaks of MLflow where it sees %s', async (path) => {
    const folder = await makeFolder({ [path]: 'x', 'metrics.json': '{"accuracy": 0.9}' });
    const { config } = await initAndRun(folder);
    expect(config).toContain('MLflow keeps runs in');
    expect((await mlgate(folder, ['run'])).exitCode).toBe(0);
  });

  it('passes over what is not what its name says', async () => {
    const folder = await makeFolder({
      'data/broken.parquet': 'no',
      'data/good.csv': CUSTOMERS_CSV,
      'metrics.json': '{',
      'dvc.yaml': ': [',
      'node_modules/x/data.csv': CUSTOMERS_CSV,
    });
    const { config } = await initAndRun(folder);
    expect(config).toContain('data/good.csv');
    expect(config).not.toContain('broken');
    expect(config).not.toContain('node_modules');
    expect((await mlgate(folder, ['run'])).exitCode).toBe(0);
  });

  it("names another tool's numbers as the gate does, and not as they lie in the file", async () => {
    const fixture = 'test/fixtures/lm-eval/complete/results_2026-11-21T12-00-00.000000.json';
    const folder = await makeFolder({ 'out/results.json': await readFile(fixture, 'utf8') });
    const { config } = await initAndRun(folder);
    expect(config).toContain('      even_numbers.acc,none: { max-regression: 5%');
    expect((await mlgate(folder, ['run'])).out).not.toContain('There is no number');
  });

  it('writes an example where there is nothing', async () => {
    const { config } = await initAndRun(await makeFolder());
    expect(config).toContain('# No data, predictions or metrics were found here');
  });

  it('writes over nothing', async () => {
    const folder = await makeFolder({ 'mlgate.yml': 'mine', 'data/customers.csv': CUSTOMERS_CSV });
    const { exitCode, err } = await mlgate(folder, ['init']);
    expect(err).toContain('There is a mlgate.yml already.');
    expect(exitCode).toBe(2);
    expect(await readFile(join(folder, 'mlgate.yml'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['data', 'mlgate.yml']);
    await rm(join(folder, 'mlgate.yml'));
    await writeFiles(folder, { 'schemas/customers.schema.json': 'mine' });
    const { document } = await mlgateJson(folder, ['init']);
    expect(document).toMatchObject({ written: ['mlgate.yml'] });
    expect(await readFile(join(folder, 'schemas/customers.schema.json'), 'utf8')).toBe('mine');
  });

  it('writes nothing with --dry-run', async () => {
    const folder = await makeFolder({ 'data/customers.csv': CUSTOMERS_CSV });
    const { exitCode, out } = await mlgate(folder, ['init', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(out).toContain('version: 1');
    expect(await readdir(folder)).toEqual(['data']);
    const { document } = await mlgateJson(folder, ['init', '--dry-run']);
    expect(document).toEqual({ config: out, written: [] });
  });

  it('does not take a machine without the engine for a folder without data', async () => {
    const folder = await makeFolder({ 'data/customers.csv': CUSTOMERS_CSV });
    const { exitCode } = await mlgate(folder, ['init'], { engineWorker: join(folder, 'nothing.js') });
    expect(exitCode).toBe(3);
    expect(await readdir(folder)).not.toContain('mlgate.yml');
  });

  it.skipIf(process.getuid?.() === 0)('says that it may not write', async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o555);
    const { exitCode, err } = await mlgate(folder, ['init']);
    expect(err).toContain('mlgate.yml could not be written: EACCES');
    expect(exitCode).toBe(3);
  });
});
