import type { Command } from './command.ts';
import { baselineAcceptCommand } from './commands/baseline-accept.ts';
import { baselineGcCommand } from './commands/baseline-gc.ts';
import { baselineLogCommand } from './commands/baseline-log.ts';
import { baselineRecordCommand } from './commands/baseline-record.ts';
import { baselineShowCommand } from './commands/baseline-show.ts';
import { baselineVerifyCommand } from './commands/baseline-verify.ts';
import { compareCommand } from './commands/compare.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { inferCommand } from './commands/infer.ts';
import { initCommand } from './commands/init.ts';
import { metricsExplainCommand } from './commands/metrics-explain.ts';
import { metricsImportCommand } from './commands/metrics-import.ts';
import { metricsListCommand } from './commands/metrics-list.ts';
import { powerCommand } from './commands/power.ts';
import { profileMergeCommand } from './commands/profile-merge.ts';
import { profileCommand } from './commands/profile.ts';
import { promoteCommand } from './commands/promote.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { schemaCheckCommand } from './commands/schema-check.ts';
import { schemaDiffCommand } from './commands/schema-diff.ts';
import { schemaImportCommand } from './commands/schema-import.ts';
import { testCommand } from './commands/test.ts';
import { trendCommand } from './commands/trend.ts';
import { validateCommand } from './commands/validate.ts';

/** Every command, in the order of `mlgate --help`. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  runCommand,
  validateCommand,
  inferCommand,
  profileCommand,
  profileMergeCommand,
  diffCommand,
  testCommand,
  compareCommand,
  powerCommand,
  metricsImportCommand,
  metricsListCommand,
  metricsExplainCommand,
  reportCommand,
  baselineRecordCommand,
  baselineShowCommand,
  baselineLogCommand,
  baselineVerifyCommand,
  baselineGcCommand,
  baselineAcceptCommand,
  trendCommand,
  promoteCommand,
  schemaCheckCommand,
  schemaDiffCommand,
  schemaImportCommand,
  explainCommand,
  doctorCommand,
];
