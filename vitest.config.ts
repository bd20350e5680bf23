import { defineConfig } from 'vitest/config';

/** Rooms that decide something; entries and what merely wires them are held by test/dist and test/e2e instead. */
const DOMAIN_ROOMS = [
  'baseline',
  'chain',
  'comparison',
  'config',
  'data',
  'evidence',
  'metrics',
  'model',
  'outcomes',
  'promotion',
  'report',
  'schemas',
  'statistics',
];
const LEAST_LINES_PERCENT = 90;
const DOMAIN_COVERAGE = Object.fromEntries(
  DOMAIN_ROOMS.map((room) => [`src/${room}/**`, { lines: LEAST_LINES_PERCENT }]),
);

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/dist/**', 'test/e2e/**', 'test/examples/**', 'test/browser/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'dist',
          include: ['test/dist/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 600_000 },
      },
      {
        extends: true,
        test: {
          name: 'examples',
          include: ['test/examples/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    // Tests mostly wait for processes of their own: a worker for each core, not one core left idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    server: { deps: { inline: [/@actions\/(workflow-parser|expressions)/] } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: DOMAIN_COVERAGE,
    },
  },
});
