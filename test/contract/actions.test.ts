import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACTIONS } from '../../src/actions/actions.ts';

interface Declared {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default?: string; readonly required?: boolean }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly main: string };
}

function fileOf(name: string): string {
  return name === 'mlgate' ? 'action.yml' : `actions/${name}/action.yml`;
}

describe('actions', () => {
  it('stand in the table, all of them', () => {
    expect(Object.keys(ACTIONS).toSorted()).toEqual(['mlgate', ...readdirSync('actions')].toSorted());
  });

  it.each(Object.entries(ACTIONS))(
    '%s reads the inputs and writes the outputs that its action.yml declares',
    async (name, load) => {
      const action = await load();
      const declared = parse(readFileSync(fileOf(name), 'utf8')) as Declared;
      expect(action.inputs.toSorted()).toEqual(Object.keys(declared.inputs).toSorted());
      expect(action.outputs.toSorted()).toEqual(Object.keys(declared.outputs).toSorted());
      expect(declared.runs.main).toBe(name === 'mlgate' ? 'dist/mlgate.js' : `../../dist/${name}.js`);
    },
  );

  it.each(Object.keys(ACTIONS))(
    'every input of %s has a description, and a default or the word required',
    (name) => {
      const { inputs } = parse(readFileSync(fileOf(name), 'utf8')) as Declared;
      for (const input of Object.values(inputs)) {
        expect(input.description.length).toBeGreaterThan(10);
        expect(input.required === true || typeof input.default === 'string').toBe(true);
      }
    },
  );

  it.each(Object.keys(ACTIONS).filter((name) => name !== 'mlgate'))(
    'the README of %s has its current tables and its permissions',
    (name) => {
      const readme = readFileSync(`actions/${name}/README.md`, 'utf8');
      const { inputs } = parse(readFileSync(fileOf(name), 'utf8')) as Declared;
      for (const input of Object.keys(inputs)) expect(readme).toContain(`| \`${input}\` |`);
      expect(readme).toMatch(/\| permission \| why \||Needs no permission/);
    },
  );
});
