import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};
const places = Object.keys(packages);

describe('package-lock.json', () => {
  it('names the packages of every platform: npm ci refuses a lockfile that leaves one out', () => {
    const wanted = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ place, name })),
    );
    expect(wanted.length).toBeGreaterThan(50);
    expect(
      wanted.filter(({ name }) => !places.some((place) => place.endsWith(`node_modules/${name}`))),
    ).toEqual([]);
  });

  it('pins every package that is fetched by its integrity', () => {
    const unpinned = Object.entries(packages).filter(
      ([place, { integrity, link }]) =>
        place.includes('node_modules/') && link !== true && integrity === undefined,
    );
    expect(unpinned.map(([place]) => place)).toEqual([]);
  });
});
