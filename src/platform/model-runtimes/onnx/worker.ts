/** The child process: loads one model, runs it once over all rows, and says what came out. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  bindInputs,
  CellFault,
  InputMistake,
  makeTensor,
  type Binding,
  type InputMetadata,
} from './bind-inputs.ts';
import type { OnnxAnswer, OnnxQuestion, OutputTensor } from './protocol.ts';

interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint | string>;
}

interface Session {
  readonly inputMetadata: readonly InputMetadata[];
  readonly outputMetadata: readonly InputMetadata[];
  readonly run: (
    feeds: Readonly<Record<string, unknown>>,
    outputs: readonly string[],
  ) => Promise<Readonly<Record<string, RuntimeTensor>>>;
}

/** What is used of `onnxruntime-node`, which is loaded at run time only. */
interface OnnxRuntime {
  readonly env: { readonly versions: { readonly node?: string } };
  readonly InferenceSession: {
    readonly create: (bytes: Uint8Array, options: object) => Promise<Session>;
  };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => unknown;
}

/** One thread, so that sums have one order, and no log of its own. */
const SESSION_OPTIONS = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
};

/** Rows that are run together. */
const BATCH_ROWS = 256;

async function answer(question: OnnxQuestion): Promise<OnnxAnswer> {
  try {
    return await runModel(question);
  } catch (error) {
    if (error instanceof InputMistake) return { kind: 'mistake', message: error.message, help: error.help };
    if (error instanceof CellFault) return { kind: 'failed', message: error.message };
    throw error;
  }
}

async function runModel(question: OnnxQuestion): Promise<OnnxAnswer> {
  const runtime = loadRuntime(question.module);
  if (runtime instanceof Error) return { kind: 'no-runtime', message: firstLine(runtime) };
  const bytes = readFileSync(question.artifact);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const opened = await openSession(runtime, bytes);
  if (typeof opened === 'string') return { kind: 'failed', message: opened };
  const binding = bindInputs(opened.inputMetadata, question.columns, question.inputs);
  const tensors = opened.outputMetadata.filter(({ isTensor }) => isTensor).map(({ name }) => name);
  const others = opened.outputMetadata.filter(({ isTensor }) => !isTensor).map(({ name }) => name);
  const version = runtime.env.versions.node ?? '';
  try {
    const outputs = await runBatches(runtime, opened, { binding, tensors, rows: question.rows });
    return { kind: 'answered', sha256, version, outputs, others };
  } catch (error) {
    if (error instanceof CellFault) throw error;
    return { kind: 'failed', message: `ONNX Runtime could not run the model: ${firstLine(error)}` };
  }
}

/** The bundler must neither follow the path nor move the native file, so it goes through a `require` made here. */
function loadRuntime(module: string): OnnxRuntime | Error {
  try {
    return createRequire(module)(module) as OnnxRuntime;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** From bytes, not from a path: what was hashed is what runs, and weights in other files are refused. */
async function openSession(runtime: OnnxRuntime, bytes: Uint8Array): Promise<Session | string> {
  try {
    return await runtime.InferenceSession.create(bytes, SESSION_OPTIONS);
  } catch (error) {
    const said = firstLine(error);
    return /external data|model_path/iu.test(said)
      ? 'The model keeps its weights in another file, which the digest of the artifact does not cover. Save it as one file.'
      : `ONNX Runtime could not load the model: ${said}`;
  }
}

interface Batches {
  readonly binding: Binding;
  readonly tensors: readonly string[];
  readonly rows: number;
}

async function runBatches(
  { Tensor }: OnnxRuntime,
  session: Session,
  { binding, tensors, rows }: Batches,
): Promise<readonly OutputTensor[]> {
  const step = binding.oneByOne ? 1 : BATCH_ROWS;
  const parts: OutputTensor[][] = tensors.map(() => []);
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    const feeds = binding.inputs.map((input) => {
      const { name, type, dims, data } = makeTensor(input, from, to);
      return [name, new Tensor(type, data, dims)] as const;
    });
    const given = await session.run(Object.fromEntries(feeds), tensors);
    for (const [at, name] of tensors.entries()) {
      const tensor = given[name];
      if (tensor !== undefined) parts[at]?.push(readTensor(name, tensor));
    }
  }
  return parts.map(joinBatches);
}

function readTensor(name: string, { type, dims, data }: RuntimeTensor): OutputTensor {
  const values = Array.from(data, (value) => {
    if (typeof value !== 'bigint') return value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  });
  return { name, type, dims: [...dims], data: values };
}

/** Batches follow each other in the first dimension. */
function joinBatches(parts: readonly OutputTensor[]): OutputTensor {
  const [first] = parts;
  if (first === undefined) throw new Error('a model was run on no rows');
  const [, ...rest] = first.dims;
  const rows = parts.reduce((sum, { dims }) => sum + (dims[0] ?? 1), 0);
  return { ...first, dims: [rows, ...rest], data: parts.flatMap(({ data }) => data) };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** Answers one question of the parent and ends. Call it once, in a process forked with `serialization: 'advanced'`. */
export function runModelWorker(): void {
  process.once('disconnect', () => process.exit(0));
  process.once('message', (question: OnnxQuestion) => {
    void answer(question).then((said) =>
      process.send?.(said, undefined, undefined, () => process.disconnect()),
    );
  });
}
