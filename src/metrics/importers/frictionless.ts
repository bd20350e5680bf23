/** Reports of frictionless, as `validate --json` writes them. */
import { completeUnless } from './ending.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  booleanOf,
  countOf,
  listOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const FRICTIONLESS: Importer = {
  format: 'frictionless',
  title: 'frictionless reports (JSON)',
  tested: 'fixture',
  versions: 'frictionless 5.21.0',
  source: 'https://framework.frictionlessdata.io/docs/framework/report.html',
  recognise: async (source) => headHasKeys(source, ['valid', 'stats', 'tasks', 'warnings', 'errors']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

function toRun(report: Place): ImportedRun {
  const tasks = listOf(at(report, 'tasks'));
  const detail = findGap(report, tasks);
  return {
    id: '',
    ...completeUnless(detail),
    numbers: tasks.flatMap(readNumbers),
    lists: [],
    results: [...listErrors(report, 'report'), ...tasks.flatMap(toResults)],
    samples: [],
    attributes: Object.fromEntries(
      tasks.flatMap((task) => {
        const sha256 = at(task, 'stats', 'sha256').value;
        return typeof sha256 === 'string' ? [[`${placeOfTable(task)}.sha256`, sha256]] : [];
      }),
    ),
  };
}

/** A report is valid also where the tool stopped early: that is a warning. */
function findGap(report: Place, tasks: readonly Place[]): string | undefined {
  if (tasks.length === 0) return 'The report holds no table: nothing was validated.';
  for (const place of [report, ...tasks]) {
    const [warning] = optional(at(place, 'warnings'), listOf) ?? [];
    if (warning !== undefined) return `Not all was validated: ${textOf(warning)}.`;
    const errors = listOf(at(place, 'errors')).length;
    const isExplained =
      errors > 0 || (place === report && tasks.some((task) => !booleanOf(at(task, 'valid'))));
    if (booleanOf(at(place, 'valid')) === isExplained) {
      return isExplained
        ? 'A table is called valid, and has errors.'
        : 'A table is called invalid, and has no error.';
    }
  }
  return undefined;
}

function placeOfTable(task: Place): string {
  return textOf(at(task, 'place'));
}

function toResults(task: Place): readonly ImportedResult[] {
  const name = placeOfTable(task);
  return booleanOf(at(task, 'valid')) ? [{ name, outcome: 'pass' }] : listErrors(task, name);
}

/** What has to do with no row is a table that could not be read. */
const ROW = '#row';
const TABLE = '#table';

/** One result for each type of error and field, with the first of its messages. */
function listErrors(place: Place, name: string): readonly ImportedResult[] {
  const groups = new Map<string, Place[]>();
  for (const error of listOf(at(place, 'errors'))) {
    const field = at(error, 'fieldName').value;
    const key = `${name}: ${textOf(at(error, 'type'))}${typeof field === 'string' ? ` (${field})` : ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [error]);
    else group.push(error);
  }
  return Array.from(groups, ([key, errors]): ImportedResult => {
    const [first] = errors;
    const message = first === undefined ? '' : textOf(at(first, 'message'));
    const tags = (first === undefined ? undefined : optional(at(first, 'tags'), listOf)) ?? [];
    const isOfData = tags.some(({ value }) => value === ROW || value === TABLE);
    return {
      name: key,
      outcome: isOfData ? 'fail' : 'error',
      message: errors.length === 1 ? message : `${message} (and ${errors.length - 1} more)`,
    };
  });
}

function readNumbers(task: Place): readonly ImportedNumber[] {
  const name = placeOfTable(task);
  const rows = optional(at(task, 'stats', 'rows'), countOf);
  return [
    {
      key: `${name}.errors`,
      value: countOf(at(task, 'stats', 'errors')),
      ...(rows === undefined ? {} : { n: rows }),
      direction: 'lower-is-better',
    },
    ...(rows === undefined ? [] : [{ key: `${name}.rows`, value: rows }]),
  ];
}
