/**
 * Lint rules, and above all the arrows between rooms: which folder under src/ may import which.
 * The table is the design's; every pair that it does not list is an error (shown by test/contract/rooms.test.ts).
 */
import { defineConfig, type OxlintOverride } from 'oxlint';

/** What each room may import besides itself. A room that is not a key may import nothing. */
export const ROOMS: Readonly<Record<string, readonly string[] | 'everything'>> = {
  actions: 'everything',
  cli: 'everything',
  chain: [
    'schemas',
    'config',
    'evidence',
    'engine',
    'data',
    'outcomes',
    'metrics',
    'model',
    'comparison',
    'baseline',
    'platform',
    'report',
  ],
  platform: ['schemas', 'evidence'],
  config: ['schemas', 'evidence'],
  schemas: [],
  evidence: ['schemas'],
  engine: ['statistics'],
  data: ['schemas', 'evidence', 'statistics', 'engine'],
  outcomes: ['schemas', 'evidence', 'engine', 'statistics'],
  metrics: ['schemas', 'evidence', 'statistics'],
  model: ['schemas', 'evidence', 'statistics', 'metrics', 'outcomes'],
  comparison: ['schemas', 'evidence', 'statistics', 'metrics', 'outcomes'],
  baseline: ['schemas', 'evidence', 'platform'],
  statistics: [],
  report: ['schemas', 'evidence'],
  promotion: ['schemas', 'evidence', 'baseline', 'platform'],
};

/** Rooms without effects: no file system, network, process or clock of their own. */
const PURE_ROOMS = [
  'schemas',
  'evidence',
  'data',
  'metrics',
  'model',
  'comparison',
  'statistics',
  'report',
  'outcomes',
];

const IMPURE_MODULES = [
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:https',
  'node:net',
  'node:child_process',
  'node:os',
  'node:process',
];

function roomOverride(room: string): OxlintOverride {
  const allowed = ROOMS[room] ?? [];
  const forbidden =
    allowed === 'everything'
      ? []
      : Object.keys(ROOMS).filter((other) => other !== room && !allowed.includes(other));
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(forbidden.length === 0
              ? []
              : [
                  {
                    regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
                    message: `src/${room} may not import this room: see ROOMS in oxlint.config.ts.`,
                  },
                ]),
            {
              regex: '^(\\.\\./)+(test|scripts|bench)/',
              message: 'src/ never imports test, scripts or bench.',
            },
            ...(room === 'platform' || room === 'actions'
              ? []
              : [{ regex: '^@actions/', message: 'Only src/platform knows the Actions toolkit.' }]),
            ...(room === 'engine' ? [] : [{ regex: '^@duckdb/', message: 'Only src/engine knows DuckDB.' }]),
          ],
          paths: PURE_ROOMS.includes(room)
            ? IMPURE_MODULES.map((name) => ({
                name,
                message: `src/${room} has no effects of its own: take them as arguments.`,
              }))
            : [],
        },
      ],
    },
  };
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: [
    '/dist/**',
    '/build/**',
    '/coverage/**',
    'node_modules',
    '/examples/**',
    // What other tools are run on to write fixtures.
    '/test/fixtures/generate/**',
    '**/*.generated.ts',
  ],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    // An exhaustive switch needs no return at its end: TypeScript's noImplicitReturns knows, this rule does not.
    'typescript/consistent-return': 'off',
    'import/no-cycle': 'error',
    // fast-check's own documentation writes `fc.assert`.
    'import/no-named-as-default-member': 'off',
    'no-console': 'error',
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'vitest/expect-expect': 'error',
  },
  overrides: [
    ...Object.keys(ROOMS).map(roomOverride),
    {
      files: ['test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', '*.config.ts'],
      rules: {
        'max-lines-per-function': 'off',
        'no-console': 'off',
        'typescript/no-non-null-assertion': 'off',
      },
    },
    {
      files: ['src/actions/**/*.ts'],
      rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }] },
    },
  ],
});
