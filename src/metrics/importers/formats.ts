/**
 * Every format of another tool's results that is read. Recognised in this order, which goes from what only one tool
 * writes to what many do: plain numbers are last.
 */
import type { Importer } from './importer.ts';

export const FORMATS: readonly (readonly [format: string, load: () => Promise<Importer>])[] = [
  ['lm-eval', async () => (await import('./lm-eval.ts')).LM_EVAL],
  ['inspect-ai', async () => (await import('./inspect-ai.ts')).INSPECT_AI],
  ['promptfoo', async () => (await import('./promptfoo.ts')).PROMPTFOO],
  ['junit', async () => (await import('./junit.ts')).JUNIT],
  ['pytest-json-report', async () => (await import('./pytest-json-report.ts')).PYTEST_JSON_REPORT],
  ['pytest-benchmark', async () => (await import('./pytest-benchmark.ts')).PYTEST_BENCHMARK],
  ['evidently', async () => (await import('./evidently.ts')).EVIDENTLY],
  ['great-expectations', async () => (await import('./great-expectations.ts')).GREAT_EXPECTATIONS],
  ['deepchecks', async () => (await import('./deepchecks.ts')).DEEPCHECKS],
  ['soda', async () => (await import('./soda.ts')).SODA],
  ['frictionless', async () => (await import('./frictionless.ts')).FRICTIONLESS],
  ['tfma', async () => (await import('./tfma.ts')).TFMA],
  ['tfx-blessing', async () => (await import('./tfx-blessing.ts')).TFX_BLESSING],
  [
    'github-action-benchmark',
    async () => (await import('./github-action-benchmark.ts')).GITHUB_ACTION_BENCHMARK,
  ],
  ['tensorboard', async () => (await import('./tensorboard.ts')).TENSORBOARD],
  ['wandb-log', async () => (await import('./wandb-log.ts')).WANDB_LOG],
  ['mlflow-db', async () => (await import('./mlflow-db.ts')).MLFLOW_DB],
  ['optuna', async () => (await import('./optuna.ts')).OPTUNA],
  ['onnx', async () => (await import('./onnx.ts')).ONNX],
  ['safetensors', async () => (await import('./safetensors.ts')).SAFETENSORS],
  ['notebook', async () => (await import('./notebook.ts')).NOTEBOOK],
  ['trainer-state', async () => (await import('./trainer-state.ts')).TRAINER_STATE],
  ['trainer-results', async () => (await import('./trainer-results.ts')).TRAINER_RESULTS],
  ['classification-report', async () => (await import('./classification-report.ts')).CLASSIFICATION_REPORT],
  ['shap', async () => (await import('./shap.ts')).SHAP],
  ['wandb', async () => (await import('./wandb.ts')).WANDB],
  ['mlmodel', async () => (await import('./mlmodel.ts')).MLMODEL],
  ['mlflow-folder', async () => (await import('./mlflow-folder.ts')).MLFLOW_FOLDER],
  ['bencher', async () => (await import('./bencher.ts')).BENCHER],
  ['dvc', async () => (await import('./dvc.ts')).DVC],
];
