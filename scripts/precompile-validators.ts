/** What takes the place of src/schemas/compile-validator.ts in the bundle: the same functions, compiled by ajv ahead. */
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { _Code } from 'ajv/dist/compile/codegen/code.js';
import standalone from 'ajv/dist/standalone/index.js';
import { validatorOptions } from '../src/schemas/compile-validator.ts';
import { SCHEMAS } from '../src/schemas/validate.ts';

/** What most starts read; by the others the bundle would grow more than they would gain. */
const PRECOMPILED = ['config', 'data-schema'] as const;

/** ajv's helpers that the functions need. */
const HELPERS = ['equal', 'ucs2length'] as const;

/** The module as JavaScript. Its functions refer to parts of the schema itself, as those do that ajv compiles at run time. */
export function precompileValidators(): string {
  const makers = PRECOMPILED.map(
    (kind) => `${JSON.stringify(SCHEMAS[kind].$id)}: ${precompile(SCHEMAS[kind])}`,
  );
  return `
import { Ajv2020 } from 'ajv/dist/2020.js';
${HELPERS.map((name) => `import ${name} from 'ajv/dist/runtime/${name}.js';`).join('\n')}
const helpers = { ${HELPERS.map((name) => `'ajv/dist/runtime/${name}': ${name}`).join(', ')} };
// Node and bundlers differ in what a default import of CommonJS is.
const load = (name) => ({ default: helpers[name].default ?? helpers[name] });
const options = ${JSON.stringify(validatorOptions(true))};
const makers = { ${makers.join(',\n')} };
export function compileValidator(schema, listsAll) {
  const make = makers[schema.$id];
  return make === undefined ? new Ajv2020({ ...options, allErrors: listsAll }).compile(schema) : make(schema);
}
`;
}

/** A function from the schema to its validator, which lists all mistakes. */
function precompile(schema: AnySchemaObject): string {
  const ajv = new Ajv2020({ ...validatorOptions(true), code: { source: true } });
  const validate = ajv.compile(schema);
  nameParts(validate, listPlaces(schema));
  const code = standalone.default(ajv, validate).replaceAll('require("', 'load("');
  return `(root) => { const module = { exports: {} }; ${code}; return module.exports; }`;
}

/** Where ajv would write down a copy of a part of the schema, it writes where that part stands. */
function nameParts(
  validate: ValidateFunction,
  places: ReadonlyMap<unknown, string>,
  seen = new Set<unknown>(),
): void {
  if (seen.has(validate)) return;
  seen.add(validate);
  for (const names of Object.values(validate.source?.scopeValues ?? {})) {
    for (const { value } of names ?? []) {
      const place = places.get(value?.ref);
      if (value !== undefined && place !== undefined) value.code = new _Code(place);
      if (typeof value?.ref === 'function' && 'source' in value.ref)
        nameParts(value.ref as unknown as ValidateFunction, places, seen);
    }
  }
}

/** Where each object and list of a schema stands in it, as JavaScript. */
function listPlaces(
  node: unknown,
  place = 'root',
  places = new Map<unknown, string>(),
): Map<unknown, string> {
  if (typeof node !== 'object' || node === null || places.has(node)) return places;
  places.set(node, place);
  for (const [key, value] of Object.entries(node))
    listPlaces(value, `${place}[${JSON.stringify(key)}]`, places);
  return places;
}
