import { metricsOf } from '../../src/metrics/catalogue.ts';
import type { Examples } from '../../src/metrics/examples.ts';

/** Every metric that these examples may have, with the numbers that are always shown and one more. */
export function namesOf(examples: Examples): readonly string[] {
  return metricsOf(examples).flatMap(({ name, parameter }) => {
    const numbers = parameter === undefined ? [] : [...(parameter.shown ?? []), parameter.range[0]];
    const named = numbers.map((number) => `${name}@${number}`);
    return parameter?.required === true ? named : [name, ...named];
  });
}
