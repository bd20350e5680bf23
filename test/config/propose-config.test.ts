import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnFinding, FolderFindings, TableFinding } from '../../src/config/folder-findings.ts';
import { listDvcMetrics } from '../../src/config/list-dvc-metrics.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { proposeConfig, proposeDatasets } from '../../src/config/propose-config.ts';
import { recognizePredictions } from '../../src/config/recognize-predictions.ts';

const NOTHING: FolderFindings = {
  tables: [],
  metricsFiles: [],
  artifacts: [],
  dvc: false,
  mlflow: undefined,
};

function table(path: string, columns: Readonly<Record<string, ColumnFinding['type']>>): TableFinding {
  return { path, columns: Object.entries(columns).map(([name, type]) => ({ name, type })) };
}

const PREDICTIONS = { customer_id: 'string', churned: 'integer', p_churn: 'number' } as const;

describe('proposeConfig', () => {
  it('proposes data, a model with its baseline and its artifact, and metrics', () => {
    const findings: FolderFindings = {
      tables: [
        table('data/customers.csv', { customer_id: 'string', age: 'integer' }),
        table('out/predictions.parquet', PREDICTIONS),
        table('baseline/predictions.parquet', PREDICTIONS),
      ],
      metricsFiles: [{ path: 'out/metrics.json', keys: ['epoch', 'train.acc', 'val_loss'] }],
      artifacts: ['models/churn.onnx'],
      dvc: true,
      mlflow: 'mlflow.db',
    };
    const text = proposeConfig(findings);
    const { config } = parseConfig(text, 'mlgate.yml');
    expect(config.data).toMatchObject({
      customers: { path: 'data/customers.csv', schema: 'schemas/customers.schema.json' },
    });
    expect(config.models).toEqual({
      model: {
        artifact: 'models/churn.onnx',
        task: 'binary-classification',
        predictions: {
          path: 'out/predictions.parquet',
          id: 'customer_id',
          target: 'churned',
          score: 'p_churn',
          threshold: 0.5,
        },
        'baseline-predictions': 'baseline/predictions.parquet',
        metrics: { roc_auc: { 'max-regression': 0.02, severity: 'fail' } },
        'error-examples': 10,
        'flip-examples': 10,
        unpaired: false,
      },
    });
    expect(config.metrics?.['metrics']?.gates).toEqual({
      'train.acc': { 'max-regression': '5%', direction: 'higher-is-better', severity: 'fail' },
      val_loss: { 'max-regression': '5%', direction: 'lower-is-better', severity: 'fail' },
    });
    expect(config.enforce).toBe(false);
    expect(text).toContain('# DVC is used here');
    expect(text).toContain('# MLflow keeps runs in mlflow.db here');
  });

  it('names the schema of each dataset after its file', () => {
    const found = { ...NOTHING, tables: [table('data/people.csv.gz', { id: 'integer' })] };
    expect(proposeDatasets(found)).toMatchObject([
      { name: 'people', table: { path: 'data/people.csv.gz' }, schema: 'schemas/people.schema.json' },
    ]);
  });

  it('gives each of several models the artifact of its name, and no other', () => {
    const text = proposeConfig({
      ...NOTHING,
      tables: [table('out/churn.csv.gz', PREDICTIONS), table('out/fraud.csv', PREDICTIONS)],
      artifacts: ['models/other.onnx', 'models/churn.onnx'],
    });
    const { models } = parseConfig(text, 'mlgate.yml').config;
    expect(models?.['churn']?.artifact).toBe('models/churn.onnx');
    expect(models?.['fraud']).not.toHaveProperty('artifact');
  });

  it('proposes files to be replaced where nothing was found', () => {
    const { config } = parseConfig(proposeConfig(NOTHING), 'mlgate.yml');
    expect(config.data).toMatchObject({ example: { path: 'data/example.csv' } });
  });

  it('sees a probability for each class, and the items of queries', () => {
    const classes = table('out/classes.csv', {
      id: 'string',
      y_true: 'string',
      p_cat: 'number',
      p_dog: 'number',
      p_eel: 'number',
    });
    const items = table('out/search.csv', {
      query: 'string',
      doc_id: 'string',
      relevance: 'integer',
      score: 'number',
    });
    const { config } = parseConfig(proposeConfig({ ...NOTHING, tables: [classes, items] }), 'mlgate.yml');
    expect(config.models).toMatchObject({
      classes: {
        task: 'multiclass-classification',
        predictions: { id: 'id', target: 'y_true', scores: 'p_*' },
        metrics: { log_loss: { 'max-regression': 0.02 } },
      },
      search: {
        task: 'ranking',
        predictions: { id: 'query', item: 'doc_id', target: 'relevance', score: 'score' },
        metrics: { 'ndcg@10': { 'max-regression': 0.02 } },
      },
    });
  });

  it('tells files of one name apart', () => {
    const { config } = parseConfig(
      proposeConfig({
        ...NOTHING,
        tables: [table('a/x.csv', { a: 'string' }), table('b/x.csv', { a: 'string' })],
      }),
      'mlgate.yml',
    );
    expect(Object.keys(config.data ?? {})).toEqual(['x', 'x-2']);
  });

  it('is always valid, and names a schema for each dataset', () => {
    const type = fc.constantFrom(
      'null',
      'boolean',
      'integer',
      'number',
      'string',
      'array',
      'object',
      'date',
      'date-time',
    );
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'id',
        'target',
        'label',
        'score',
        'p_x',
        'p_y',
        'p_z',
        'query',
        'doc_id',
        'prediction',
        'y',
        'no',
        '~',
        '1',
        '# x',
        ': ',
        '{a}',
        '<<',
        '*x',
      ),
    );
    const column = fc.record({ name: name.filter((text) => text.length > 0), type });
    const tables = fc.array(
      fc.record({
        path: fc.oneof(fc.string(), fc.constantFrom('a.csv', 'baseline/p.csv', '~', 'no', '!x', '-')),
        columns: fc.uniqueArray(column, { selector: (item) => item.name, maxLength: 6 }),
      }),
      { maxLength: 7 },
    );
    const metricsFiles = fc.array(
      fc.record({
        path: fc.string(),
        keys: fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('loss', 'acc', 'a: loss'))),
      }),
      { maxLength: 3 },
    );
    const findings = fc.record({
      tables,
      metricsFiles,
      artifacts: fc.array(fc.string(), { maxLength: 2 }),
      dvc: fc.boolean(),
      mlflow: fc.constantFrom(undefined, 'mlruns/' as const),
    });
    fc.assert(
      fc.property(findings, (found) => {
        const { config } = parseConfig(proposeConfig(found), 'mlgate.yml');
        const asked = Object.values(config.data ?? {}).map(({ schema }) => schema);
        const made = proposeDatasets(found).map(({ schema }) => schema);
        expect(made.length === 0 || asked.toSorted().join() === made.toSorted().join()).toBe(true);
      }),
    );
  });
});

describe('recognizePredictions', () => {
  it.each([
    [
      'a score named after its target',
      { strike_id: 'string', damaged: 'integer', p_damaged: 'number' },
      'binary-classification',
    ],
    [
      'a label and a probability',
      { id: 'integer', label: 'boolean', probability: 'number' },
      'binary-classification',
    ],
    ['labels', { id: 'integer', y_true: 'string', y_pred: 'string' }, 'multiclass-classification'],
    ['true or false', { id: 'integer', target: 'boolean', prediction: 'boolean' }, 'binary-classification'],
    ['numbers', { row_id: 'integer', actual: 'number', predicted: 'number' }, 'regression'],
  ] as const)('sees %s', (_name, columns, task) => {
    expect(recognizePredictions(table('p.csv', columns))?.task).toBe(task);
  });

  it.each([
    ['no id', { target: 'integer', score: 'number' }],
    ['no target', { id: 'integer', score: 'number', age: 'integer' }],
    ['no prediction', { id: 'integer', target: 'integer', age: 'integer' }],
  ] as const)('sees none with %s', (_name, columns) => {
    expect(recognizePredictions(table('p.csv', columns))).toBeUndefined();
  });
});

describe('listDvcMetrics', () => {
  it('finds metrics at the top and in stages, with and without options', () => {
    const text =
      'metrics:\n  - out/metrics.json\nstages:\n  train:\n    cmd: x\n    metrics:\n      - out/train.yaml: { cache: false }\n      - out/metrics.json\n      - ${item}.json\n  other: { cmd: y }\n';
    expect(listDvcMetrics(text, 'dvc.yaml')).toEqual(['out/metrics.json', 'out/train.yaml']);
  });

  it('finds none in a file of another shape', () => {
    expect(listDvcMetrics('- a\n', 'dvc.yaml')).toEqual([]);
    expect(listDvcMetrics('metrics: 5\nstages: []\n', 'dvc.yaml')).toEqual([]);
  });
});
