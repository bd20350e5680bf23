/** `MLmodel`: what MLflow says of a model that it saved. */
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import { parseYaml } from '../../evidence/foreign/lenient-yaml.ts';
import {
  at,
  countOf,
  entriesOf,
  isAbsent,
  listOf,
  numberAt,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const MLMODEL: Importer = {
  format: 'mlmodel',
  title: "MLmodel, MLflow's description of a saved model",
  tested: 'fixture',
  versions: 'MLflow 3.17.2',
  source: 'https://mlflow.org/docs/latest/ml/model/#the-mlmodel-file',
  recognise: async ({ kind, name, head }) =>
    kind === 'file' &&
    (/(?:^|[/\\])MLmodel$/u.test(name) ||
      (/^flavors:\s*$/mu.test(new TextDecoder().decode(head)) &&
        /^mlflow_version:/mu.test(new TextDecoder().decode(head)))),
  read: async (source) => [await readModel(source)],
};

async function readModel(source: ForeignSource): Promise<ImportedRun> {
  const model = placeOf(parseYaml(await source.readText(), source.name), source.name);
  const flavors = entriesOf(at(model, 'flavors')).map(([name]) => name);
  const size = optional(at(model, 'model_size_bytes'), countOf);
  const texts = ['run_id', 'model_id', 'model_uuid', 'mlflow_version'].flatMap((key) => {
    const text = optional(at(model, key), textOf);
    return text === undefined ? [] : [[key, text] as const];
  });
  const metadata = optional(at(model, 'metadata'), entriesOf) ?? [];
  return {
    id: '',
    status: 'complete',
    numbers: [
      ...(size === undefined
        ? []
        : [{ key: 'model_size_bytes', value: size, unit: 'bytes', direction: 'lower-is-better' } as const]),
      ...metadata.flatMap(([key, place]) => {
        const value = numberAt(place);
        return value === undefined ? [] : [{ key: `metadata.${key}`, value }];
      }),
    ],
    lists: [],
    results: [],
    samples: [],
    attributes: {
      flavors: flavors.join(', '),
      // The last key of the file: without it the file was cut.
      created: textOf(at(model, 'utc_time_created')),
      ...Object.fromEntries(texts),
      ...Object.fromEntries(
        metadata.flatMap(([key, { value }]) =>
          typeof value === 'string' ? [[`metadata.${key}`, value] as const] : [],
        ),
      ),
      ...readSignature(model),
    },
  };
}

/** Inputs and outputs are JSON within YAML: `age: double, visits: double`. */
function readSignature(model: Place): Readonly<Record<string, string>> {
  if (isAbsent(at(model, 'signature'))) return {};
  const shown: Record<string, string> = {};
  for (const side of ['inputs', 'outputs']) {
    const text = optional(at(model, 'signature', side), textOf);
    if (text === undefined) continue;
    const columns = placeOf(
      parseLenientJson(text, `${model.file}, signature.${side}`),
      `${model.file}, signature.${side}`,
    );
    shown[`signature.${side}`] = listOf(columns).map(describeColumn).join(', ');
  }
  return shown;
}

function describeColumn(column: Place): string {
  const name = optional(at(column, 'name'), textOf);
  const tensor = at(column, 'tensor-spec');
  const type = isAbsent(tensor)
    ? textOf(at(column, 'type'))
    : `${textOf(at(tensor, 'dtype'))}[${listOf(at(tensor, 'shape'))
        .map(({ value }) => String(value))
        .join(', ')}]`;
  const isOptional = at(column, 'required').value === false;
  return `${name === undefined ? '' : `${name}: `}${type}${isOptional ? ' (optional)' : ''}`;
}
