import { resolve } from 'node:path';
import { readEvidenceFile } from '../../chain/evidence-files.ts';
import type { Spread } from '../../comparison/plan-test-set.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { JSON_OPTION, type Command, type CommandArguments, type OptionDefinition } from '../command.ts';
import type { CliContext } from '../context.ts';
import { answerPower, type PowerQuestion } from '../power/answer-power.ts';
import { describePlan } from '../power/describe-plan.ts';
import { learnFromEvidence, type Learned } from '../power/learn-from-evidence.ts';
import { readCount, readNumber, readRate, readWord } from '../read-options.ts';

function option(placeholder: string, description: string, fallback?: string): OptionDefinition {
  return {
    type: 'string',
    placeholder,
    description,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

export const powerCommand: Command = {
  name: 'power',
  summary: 'Say how many examples decide a margin, and how small a change a test set can see.',
  details: [
    'Needs to know how much two models differ: --discordance, the share of examples that one has right and the other wrong, or --evidence of an earlier comparison.',
    'A pass is the non-inferiority test at the margin; numbers are by the normal approximation, and never below what examples that nobody saw could hide.',
  ],
  positionals: [],
  options: {
    margin: option(
      'NUMBER',
      'How much worse the candidate may be, in the unit of the metric: 0.02. Default: that of the evidence.',
    ),
    discordance: option(
      'SHARE',
      'Share of examples that one model has right and the other wrong: 0.1, or 10%.',
    ),
    evidence: option(
      'FILE',
      'Evidence of an earlier comparison: its interval tells how much the models differ.',
    ),
    model: option('NAME', 'Model of the evidence. Needed if it has several.'),
    metric: option('NAME', 'Metric of the evidence. Default: the first that has a margin.'),
    n: option('COUNT', 'Examples of your test set. Default: those of the evidence.'),
    rate: option(
      'RATE',
      'How fast you collect labelled examples: 200/day, 1000/week, 50/hour or 5000/month.',
    ),
    alpha: option('NUMBER', 'One-sided error rate of each test.', '0.05'),
    power: option('NUMBER', 'Probability that a candidate as good as the baseline passes.', '0.8'),
    'design-effect': option(
      'NUMBER',
      'How many examples of a group say as much as one independent example.',
      '1',
    ),
    uses: option('COUNT', 'How often the test set is to be used; says what that takes.'),
    adaptivity: option(
      'WORD',
      'What later changes learn from a verdict: full, first-change or none.',
      'full',
    ),
    guarantee: option('WORD', 'Kind of bound for --uses: asymptotic or finite-sample.', 'asymptotic'),
    reliability: option('NUMBER', 'Probability that all verdicts of --uses are right.', '0.95'),
    json: JSON_OPTION,
  },
  examples: [
    'mlgate power --margin 0.02 --discordance 0.1',
    'mlgate power --n 3000 --discordance 10%',
    'mlgate power --evidence .mlgate/evidence.json --metric roc_auc --rate 200/day',
    'mlgate power --margin 0.02 --discordance 0.1 --n 5000 --uses 100',
  ],
  run: async (arguments_, context) => {
    const question = await readQuestion(arguments_, context);
    const plan = answerPower(question);
    context.print(arguments_.flag('json') ? `${JSON.stringify(plan)}\n` : describePlan(plan));
    return EXIT_CODES.pass;
  },
};

const NO_PERCENTAGE =
  'a percentage would be relative to the baseline, which is not known here. Write the margin in the unit of the metric: 0.02.';

const HELP = `Example: ${powerCommand.examples[0] ?? ''}`;

async function readQuestion(arguments_: CommandArguments, context: CliContext): Promise<PowerQuestion> {
  const learned = await readLearned(arguments_, context);
  const spread = readSpread(arguments_, learned);
  const designEffect = readNumber(arguments_, 'design-effect', { least: 1, most: 1e6 }) ?? 1;
  if (learned?.isClustered === true && designEffect !== 1) {
    throw new UserError(
      '--design-effect is in the interval of the evidence already: it was computed by group.',
      {
        help: 'Leave --design-effect out.',
      },
    );
  }
  const question: PowerQuestion = {
    spread,
    learned,
    margin:
      readNumber(arguments_, 'margin', {
        above: 0,
        // Flips of examples change a share.
        most: spread.kind === 'discordance' ? 1 : 1e12,
        noPercentage: NO_PERCENTAGE,
      }) ?? learned?.margin,
    examples: readCount(arguments_, 'n') ?? learned?.examples,
    rate: readRate(arguments_, 'rate'),
    alpha: readNumber(arguments_, 'alpha', { above: 0, most: 0.25 }) ?? 0.05,
    power: readNumber(arguments_, 'power', { above: 0.5, below: 1 }) ?? 0.8,
    designEffect,
    budget: readBudget(arguments_, learned),
  };
  if (question.margin === undefined && question.examples === undefined) {
    throw new UserError(
      '`mlgate power` needs --margin (how many examples decide it?) or --n (what do they see?).',
      {
        help: HELP,
      },
    );
  }
  const lost = (['rate', 'budget'] as const).find((key) => question[key] !== undefined);
  if (lost !== undefined && question.margin === undefined) {
    throw new UserError(`${WHY_MARGIN[lost]}: give --margin too.`, { help: HELP });
  }
  return question;
}

const WHY_MARGIN = {
  rate: '--rate tells how long it takes to collect what a margin needs',
  budget: '--uses tells what many verdicts on one margin take',
} as const;

const ADAPTIVITIES = ['full', 'first-change', 'none'] as const;
const GUARANTEES = ['asymptotic', 'finite-sample'] as const;

function readBudget(arguments_: CommandArguments, learned: Learned | undefined): PowerQuestion['budget'] {
  const [uses, adaptivity, guarantee, reliability] = [
    readCount(arguments_, 'uses', { most: 1e6 }),
    readWord(arguments_, 'adaptivity', ADAPTIVITIES) ?? 'full',
    readWord(arguments_, 'guarantee', GUARANTEES) ?? 'asymptotic',
    readNumber(arguments_, 'reliability', { above: 0.5, below: 1 }),
  ];
  if (uses === undefined) return undefined;
  if (guarantee === 'finite-sample' && learned !== undefined && learned.discordance === undefined) {
    throw new UserError(
      `--guarantee finite-sample is known for accuracy only, and the evidence is read for ${learned.metric}.`,
      { help: 'Name --metric accuracy, or leave --guarantee out.' },
    );
  }
  return { uses, adaptivity, guarantee, reliability: reliability ?? 0.95 };
}

async function readLearned(arguments_: CommandArguments, context: CliContext): Promise<Learned | undefined> {
  const [path, model, metric] = ['evidence', 'model', 'metric'].map((name) => arguments_.text(name));
  if (path !== undefined) {
    if (arguments_.text('discordance') !== undefined)
      throw new UserError(
        '--discordance and --evidence both say how much two models differ: give one of them.',
      );
    return learnFromEvidence(await readEvidenceFile(resolve(context.cwd, path), path), { model, metric });
  }
  const [lost] = ['model', 'metric'].filter((name) => arguments_.text(name) !== undefined);
  if (lost === undefined) return undefined;
  throw new UserError(`--${lost} says what to read in the evidence: give --evidence too.`, { help: HELP });
}

function readSpread(arguments_: CommandArguments, learned: Learned | undefined): Spread {
  if (learned !== undefined) return { kind: 'standard-deviation', value: learned.standardDeviation };
  const share = readNumber(arguments_, 'discordance', { above: 0, most: 1 });
  if (share !== undefined) return { kind: 'discordance', share };
  throw new UserError('`mlgate power` needs --discordance or --evidence: how much do two models differ?', {
    help: HELP,
  });
}
