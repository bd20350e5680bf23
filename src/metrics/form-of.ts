import { metricsOf } from './catalogue.ts';
import type { MetricDefinition } from './definition.ts';
import type { Examples } from './examples.ts';
import { findAmong, shownAmong } from './find-metric.ts';
import type { Form } from './form.ts';

/** The form of a metric on these examples; undefined where they lack what it needs (a score) or it is of another task. */
export function formOf(name: string, examples: Examples): Form | undefined {
  const found = findAmong(metricsOf(examples), name);
  return found?.definition.formOf(examples, found.at);
}

/**
 * The metrics that are measured on these examples: those that are shown without being asked for, and those asked for, in
 * the order of the catalogue.
 * @param asked names or aliases; those of other tasks are left out
 */
export function listMeasured(examples: Examples, asked: readonly string[] = []): readonly MetricDefinition[] {
  const definitions: readonly MetricDefinition[] = metricsOf(examples);
  const wanted = asked.flatMap((name) => findAmong(definitions, name)?.definition ?? []);
  const all = [...shownAmong(definitions), ...wanted];
  const placeOf = ({ name }: MetricDefinition): number =>
    definitions.findIndex((definition) => definition.name === (name.split('@')[0] ?? name));
  return [...new Map(all.map((definition) => [definition.name, definition])).values()].sort(
    (a, b) => placeOf(a) - placeOf(b) || numberOf(a) - numberOf(b),
  );
}

/** The number after the `@` of a name; without one it comes first. */
function numberOf({ name }: MetricDefinition): number {
  return Number(name.split('@')[1] ?? -1);
}
