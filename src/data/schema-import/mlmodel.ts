/** The signature in MLflow's `MLmodel`: the columns that a model wants. */
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';
import {
  carry,
  keyword,
  leave,
  leaveOthers,
  type ForeignTable,
  type Outcome,
  type SchemaImporter,
} from './carry.ts';

export const MLMODEL: SchemaImporter = {
  format: 'mlmodel',
  title: 'the signature of an MLmodel (MLflow): the columns that a model wants',
  tested: 'fixture',
  versions: 'MLflow 3.17.2',
  source: 'https://mlflow.org/docs/latest/ml/model/signatures/',
  recognise: (document) => {
    const model = document.parsed();
    return !isAbsent(at(model, 'flavors')) && !isAbsent(at(model, 'signature'));
  },
  read: (document) => [readModel(document.parsed())],
};

function readModel(model: Place): ForeignTable {
  const signature = at(model, 'signature');
  const inputs = optional(at(signature, 'inputs'), (place) => parseSide(place, 'inputs')) ?? [];
  return {
    name: 'inputs',
    outcomes: [
      ...inputs.flatMap((column, index) => readInput(column, at(signature, 'inputs', index))),
      ...(isAbsent(at(signature, 'outputs'))
        ? []
        : [
            leave(
              at(signature, 'outputs'),
              'outputs',
              'they describe predictions, not a dataset',
              'Describe the predictions in `models.<name>.predictions` of mlgate.yml.',
            ),
          ]),
      ...(isAbsent(at(signature, 'params'))
        ? []
        : [leave(at(signature, 'params'), 'params', 'they are no columns', 'Leave them out.')]),
      ...leaveOthers(signature, ['inputs', 'outputs', 'params']),
    ],
  };
}

/** JSON within YAML. */
function parseSide(place: Place, side: string): readonly Place[] {
  const file = `${place.file}, signature.${side}`;
  return listOf(placeOf(parseLenientJson(textOf(place), file), file));
}

const COLUMN_KEYS = ['name', 'type', 'required', 'optional', 'items', 'properties', 'values', 'tensor-spec'];

/** 32 bits, signed: what MLflow takes for `integer`. */
const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** Types whose cells cannot be absent in the data frame that MLflow wants. */
const WITHOUT_ABSENCE = ['integer', 'long', 'boolean'];

/** @param from the same column as a place of the whole file */
function readInput(column: Place, from: Place): readonly Outcome[] {
  const { value: name } = at(column, 'name');
  const type = textOf(at(column, 'type'));
  if (typeof name !== 'string' || type === 'tensor') {
    return [
      leave(
        from,
        type,
        'it is a tensor or has no name',
        'Name the columns of the table that the tensor is made of.',
      ),
    ];
  }
  const isRequired = at(column, 'required').value !== false && at(column, 'optional').value !== true;
  const presence = WITHOUT_ABSENCE.includes(type) ? 'required' : 'exists';
  const shape = describeType(column);
  return [
    carry(from, [
      { kind: 'listed', column: name },
      ...(isRequired ? [{ kind: presence, column: name } as const] : []),
      ...Object.entries(shape ?? {}).map(([word, value]) => keyword(name, word, value)),
    ]),
    ...(shape === undefined
      ? [
          leave(
            from,
            `type ${type}`,
            'cells are no bytes here',
            'Leave the column out, or describe it as text.',
          ),
        ]
      : []),
    ...leaveOthers(column, COLUMN_KEYS),
  ];
}

/** A type of MLflow as JSON Schema; undefined for one that has none. */
function describeType(place: Place): Readonly<Record<string, unknown>> | undefined {
  const type = textOf(at(place, 'type'));
  switch (type) {
    case 'integer':
      return { type: 'integer', ...INT32 };
    case 'long':
      return { type: 'integer' };
    case 'float':
    case 'double':
      return { type: 'number' };
    case 'boolean':
    case 'string':
      return { type };
    case 'datetime':
      return { type: 'string', format: 'date-time' };
    case 'array':
      return { type: 'array', items: describeType(at(place, 'items')) ?? {} };
    case 'map':
      return { type: 'object', additionalProperties: describeType(at(place, 'values')) ?? {} };
    case 'object': {
      const properties = isMapping(at(place, 'properties')) ? entriesOf(at(place, 'properties')) : [];
      const required = properties
        .filter(([, inner]) => at(inner, 'required').value !== false)
        .map(([name]) => name);
      return {
        type: 'object',
        properties: Object.fromEntries(properties.map(([name, inner]) => [name, describeType(inner) ?? {}])),
        ...(required.length === 0 ? {} : { required }),
      };
    }
    default:
      return undefined;
  }
}
