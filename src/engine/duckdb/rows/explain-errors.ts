/** From ajv's errors to half a sentence: which branch failed, and where. No value of a row is in it, nor a key that only a row has. */
import type { ErrorObject } from 'ajv/dist/2020.js';

/** Branches that are told of. */
const MAX_BRANCHES = 3;

/** @param schema that the errors are of, as JSON: what it names may be told */
export function explainErrors(errors: readonly ErrorObject[], schema: string): string {
  const describe = (error: ErrorObject): string => describeError(error, schema);
  const last = errors.at(-1);
  if (last === undefined) return '';
  switch (last.keyword) {
    case 'anyOf':
      return explainBranches(last, errors, describe);
    case 'oneOf': {
      const passing: unknown = last.params['passingSchemas'];
      return Array.isArray(passing)
        ? `branches ${passing.map((branch) => Number(branch) + 1).join(' and ')} both hold`
        : explainBranches(last, errors, describe);
    }
    default: {
      const branch = /\/(then|else)\//u.exec(last.schemaPath)?.[1];
      return `${branch === undefined ? '' : `\`${branch}\`: `}${describe(last)}`;
    }
  }
}

function explainBranches(
  outer: ErrorObject,
  errors: readonly ErrorObject[],
  describe: (error: ErrorObject) => string,
): string {
  const told = new Map<string, string>();
  for (const error of errors) {
    const rest = error.schemaPath.startsWith(`${outer.schemaPath}/`)
      ? error.schemaPath.slice(outer.schemaPath.length + 1)
      : undefined;
    const branch = rest?.split('/')[0];
    if (branch !== undefined && !told.has(branch)) told.set(branch, describe(error));
  }
  const shown = [...told]
    .slice(0, MAX_BRANCHES)
    .map(([branch, text]) => `branch ${Number(branch) + 1}: ${text}`);
  const more = told.size > MAX_BRANCHES ? `; … (${told.size} branches)` : '';
  return shown.length === 0 ? 'no branch holds' : `${shown.join('; ')}${more}`;
}

function describeError(
  { instancePath, message = 'does not hold', keyword }: ErrorObject,
  schema: string,
): string {
  const place = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^[0-9]+$/u.test(part) || schema.includes(JSON.stringify(part)) ? part : '…'))
    .join('.');
  const said = keyword === 'not' ? 'is not allowed' : message.replaceAll("'", '`').replaceAll('NOT', 'not');
  return place === '' ? said : `\`${place.replaceAll(/[\p{Cc}`]/gu, ' ').slice(0, 80)}\` ${said}`;
}
