import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Package {
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const description = JSON.parse(readFileSync('package.json', 'utf8')) as Package;

describe('package.json', () => {
  it.each(Object.entries({ ...description.dependencies, ...description.devDependencies }))(
    '%s is pinned exactly: %s',
    (_name, version) => {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    },
  );

  it('makes users install the native engine and nothing else', () => {
    expect(Object.keys(description.dependencies)).toEqual(['@duckdb/node-api']);
  });

  it('explains every dependency in a decision', () => {
    const decision = readFileSync('docs/decisions/0003-dependencies.md', 'utf8');
    const unexplained = Object.keys({ ...description.dependencies, ...description.devDependencies }).filter(
      (name) => !decision.includes(`\`${name}\``),
    );
    expect(unexplained).toEqual([]);
  });

  it('names the Node version of .node-version in the workspace that brings it', () => {
    const workspace = JSON.parse(readFileSync('tools/node24/package.json', 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const wanted = readFileSync('.node-version', 'utf8').trim();
    expect(new Set(Object.values(workspace.optionalDependencies))).toEqual(new Set([wanted]));
  });

  it('records no address of a registry in the lockfile', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
  });
});
