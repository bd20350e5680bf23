import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/evidence/errors.ts';
import { JUNIT } from '../../../src/metrics/importers/junit.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/junit';

async function read(name: string) {
  const [run] = await JUNIT.read(await fileSource(`${FOLDER}/${name}.xml`));
  return run!;
}

async function readText(text: string) {
  const [run] = await JUNIT.read(memorySource('results.xml', text));
  return run!;
}

describe('JUnit XML', () => {
  test('every ending of a test of pytest, and properties as metrics', async () => {
    const run = await read('pytest-endings');
    expect(run).toMatchObject({
      status: 'complete',
      numbers: [
        { key: 'test_endings.test_accuracy.accuracy', value: 0.91 },
        { key: 'test_endings.test_accuracy.auc', value: 0.97 },
        { key: 'test_endings.test_recall.recall', value: Number.NaN },
      ],
      attributes: { 'pytest.model': 'churn-7', 'test_endings.test_accuracy.dataset': 'holdout-2026-11' },
    });
    expect(run.results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test_endings.test_accuracy', 'pass'],
      ['test_endings.test_recall', 'fail'],
      ['test_endings.test_needs_model', 'error'],
      ['test_endings.test_gpu', 'skipped'],
      ['test_endings.test_known_weakness', 'skipped'],
      ['test_endings.test_surprise', 'pass'],
      ['test_endings.test_unexpected_strength', 'fail'],
      ['test_endings.test_slice[young]', 'pass'],
      ['test_endings.test_slice[old]', 'pass'],
    ]);
    expect(run.results[1]?.message).toBe('AssertionError: recall fell <below> 0.5 & more\nassert 0.4 > 0.5');
  });

  test.each(['pytest-clean', 'pytest-xunit1', 'pytest-xdist'])('%s is complete', async (name) => {
    expect((await read(name)).status).toBe('complete');
  });

  test('runners of JavaScript: suites in suites, tests in the root', async () => {
    const node = await read('node-test');
    expect(node.status).toBe('complete');
    expect(node.results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test.alone', 'pass'],
      ['model.is accurate', 'pass'],
      ['model.recalls', 'fail'],
      ['model.slice.young', 'pass'],
      ['model.slice.old', 'skipped'],
    ]);
    const vitest = await read('vitest');
    expect(vitest.status).toBe('complete');
    expect(vitest.results.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'skipped']);
    expect(vitest.results[0]?.name).toBe('model.test.mjs.model > is accurate');
  });

  test.each([
    ['pytest-interrupted', 'A test has no name'],
    ['pytest-uncollected', 'test_uncollected could not be imported'],
    ['pytest-empty', 'lists no test'],
  ])('%s is partial', async (name, detail) => {
    const run = await read(name);
    expect(run.status).toBe('partial');
    expect(run.detail).toContain(detail);
  });

  test('a suite that counts more than it lists is partial, one in a suite too', async () => {
    const test = '<testcase name="a"/>';
    expect((await readText(`<testsuite name="s" tests="1">${test}</testsuite>`)).status).toBe('complete');
    const short = await readText(
      `<testsuites><testsuite name="s" tests="2">${test}</testsuite></testsuites>`,
    );
    expect(short.detail).toBe('Suite "s" counts 2 tests, but lists 1.');
    const hidden = await readText(
      `<testsuites><testsuite name="o"><testsuite name="i" tests="1" failures="1">${test}</testsuite></testsuite></testsuites>`,
    );
    expect(hidden.detail).toBe('Suite "i" counts 1 failures, but lists 0.');
    expect((await readText(`<testsuite tests="many">${test}</testsuite>`)).status).toBe('partial');
  });

  test.each([
    ['<!DOCTYPE a [<!ENTITY x "y">]><testsuite>&x;</testsuite>', 'has a document type'],
    ['<html></html>', 'the root element must be'],
    ['<testsuite><testcase></testsuite>', 'is not XML: line 1'],
    ['', 'is not XML'],
    [`${'<testsuite>'.repeat(200)}${'</testsuite>'.repeat(200)}`, 'cannot be read'],
    ['<testsuite><testcase>text</testcase></testsuite>', '`testsuite[0].testcase[0]` is "text"'],
  ])('%.40s is refused', async (text, message) => {
    await expect(readText(text)).rejects.toThrow(UserError);
    await expect(readText(text)).rejects.toThrow(message);
  });

  test('no entity is replaced but those of XML itself', async () => {
    const run = await readText('<testsuite><testcase name="&lt;&#65;&#x42;&bomb;&#99999999;"/></testsuite>');
    expect(run.results[0]?.name).toBe('<AB&bomb;&#99999999;');
  });

  test('recognised by its root', async () => {
    for (const name of await readdir(FOLDER)) {
      expect(await JUNIT.recognise(await fileSource(`${FOLDER}/${name}`))).toBe(true);
    }
    expect(await JUNIT.recognise(memorySource('a.xml', '<!-- by x -->\n<testsuite/>'))).toBe(true);
    expect(await JUNIT.recognise(memorySource('a.xml', '<coverage/>'))).toBe(false);
  });

  test('texts that make a careless pattern try every way are read at once', async () => {
    const comments = memorySource('a.xml', `${'<!---->'.repeat(9000)}x`);
    expect(await JUNIT.recognise(comments)).toBe(false);
    const digits = `${'1'.repeat(200_000)}x`;
    const property = `<properties><property name="p" value="${digits}"/></properties>`;
    const run = await readText(`<testsuite><testcase name="t">${property}</testcase></testsuite>`);
    expect(run.attributes['t.p']).toBe(digits);
  });

  test.each(['pytest-endings', 'pytest-clean'])('%s, cut and changed', async (name) => {
    expect(await findFlaws(JUNIT, `${FOLDER}/${name}.xml`)).toEqual([]);
  });
});
