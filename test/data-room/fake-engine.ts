import type {
  Engine,
  ExamplePlan,
  Examples,
  TableDescription,
  TableFigures,
  TablePlan,
} from '../../src/engine/engine.ts';

type DataEngine = Pick<Engine, 'describeTable' | 'checkTable' | 'findExamples'>;

export interface FakeAnswers {
  readonly columns: readonly string[];
  readonly rows?: number;
  readonly hint?: string;
  /** Counts by check id; every other check of the plan is counted 0. */
  readonly violations?: Readonly<Record<string, number>>;
  readonly duplicates?: Readonly<Record<string, number>>;
  readonly absent?: Readonly<Record<string, number>>;
  readonly examples?: Examples;
}

export interface FakeEngine {
  readonly engine: DataEngine;
  readonly plans: TablePlan[];
  readonly examplePlans: ExamplePlan[];
}

function countEach(
  ids: readonly string[],
  known: Readonly<Record<string, number>> = {},
): Record<string, number> {
  return Object.fromEntries(ids.map((id) => [id, known[id] ?? 0]));
}

/** An engine that answers with plain values and remembers what it was asked. */
export function fakeEngine(answers: FakeAnswers): FakeEngine {
  const plans: TablePlan[] = [];
  const examplePlans: ExamplePlan[] = [];
  const description: TableDescription = {
    format: 'csv',
    columns: answers.columns.map((name) => ({ name, type: 'string' })),
    ...(answers.hint === undefined ? {} : { hint: answers.hint }),
  };
  const answer = (plan: TablePlan): TableFigures => ({
    rows: answers.rows ?? 10_000,
    violations: countEach(
      plan.cells.map(({ id }) => id),
      answers.violations,
    ),
    duplicates: countEach(
      plan.unique.map(({ id }) => id),
      answers.duplicates,
    ),
    absent: countEach(plan.absent, answers.absent),
  });
  return {
    plans,
    examplePlans,
    engine: {
      describeTable: () => Promise.resolve(description),
      checkTable: (plan) => {
        plans.push(plan);
        return Promise.resolve(answer(plan));
      },
      findExamples: (plan) => {
        examplePlans.push(plan);
        return Promise.resolve(answers.examples ?? {});
      },
    },
  };
}
