import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { keepFiles } from '../../src/platform/native-packages/keep-files.ts';

it('everything but what is named is removed, and what lies in it stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-keep-'));
  try {
    const files = [
      'a/package.json',
      'a/bin/x64/lib.so',
      'a/bin/x64/deep/er.so',
      'a/bin/arm64/lib.so',
      'b/index.js',
      'ab/c',
      'top',
    ];
    for (const path of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), '');
    }
    await keepFiles(folder, ['a/package.json', 'a/bin/x64', 'a/absent']);
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    const kept = left.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(kept.toSorted()).toEqual(
      ['a/bin/x64/deep/er.so', 'a/bin/x64/lib.so', 'a/package.json'].map((path) => join(folder, path)),
    );
    expect((await readdir(folder)).toSorted()).toEqual(['a']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
