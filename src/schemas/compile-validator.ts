/**
 * From a schema of ours to a function that validates. Compiling the larger ones takes longer than the rest of a start, so
 * the build puts a module in the place of this one that has them compiled ahead: scripts/precompile-validators.ts.
 */
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

/** @param listsAll whether all mistakes are listed or the first only */
export function validatorOptions(listsAll: boolean): Options {
  return {
    allErrors: listsAll,
    useDefaults: true,
    // Our own schemas are held against their dialect by a test; here that would be three quarters of a start.
    validateSchema: false,
    meta: false,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    verbose: true,
  };
}

/** @param listsAll whether all mistakes are listed or the first only */
export function compileValidator(schema: object, listsAll: boolean): ValidateFunction {
  return new Ajv2020(validatorOptions(listsAll)).compile(schema);
}
