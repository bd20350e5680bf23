import { dirname, join, relative, resolve } from 'node:path';
import { ARTIFACT_EVIDENCE } from '../../baseline/layout.ts';
import { readEvidenceFile } from '../../chain/evidence-files.ts';
import { nameConfig } from '../../chain/local-baseline.ts';
import { describeRecord, recordRun } from '../../chain/record-run.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import { RETRY_TIMING } from '../../platform/retry-timing.ts';
import { openBaselineSession } from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import { RESULTS_FOLDER } from '../session.ts';

export const baselineRecordCommand: Command = {
  name: 'baseline record',
  summary: 'Record the evidence of the current commit of main as a baseline.',
  details: [
    'Appends one immutable file to the branch `baseline.branch`, on the remote `origin` if there is one. Run `mlgate run` first, with everything committed.',
  ],
  positionals: [
    {
      name: 'EVIDENCE',
      description: `An evidence file. Default: ${RESULTS_FOLDER}/${ARTIFACT_EVIDENCE} beside the config.`,
      required: false,
    },
  ],
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  examples: [
    'mlgate baseline record',
    'mlgate baseline record results/evidence.json --config gates/mlgate.yml',
  ],
  run: async (arguments_, context) => {
    const { workspace, parsed, clone } = await openBaselineSession(arguments_, context);
    const { baseline } = parsed.config;
    const usual = join(dirname(workspace.configPath), RESULTS_FOLDER, ARTIFACT_EVIDENCE);
    const path = resolve(context.cwd, arguments_.positionals[0] ?? usual);
    const evidence = await readEvidenceFile(path, relative(context.cwd, path));
    const expected = {
      ...(baseline.main === undefined ? {} : { main: baseline.main }),
      config: await nameConfig(clone, workspace.configPath),
    };
    const timing = { ...RETRY_TIMING, now: context.now };
    const run = { evidence, folders: [dirname(path)], baseline, expected };
    const result = await recordRun(clone.store, run, timing);
    const said = arguments_.flag('json') ? JSON.stringify(result) : describeRecord(result, baseline.branch);
    context.print(`${said}\n`);
    return EXIT_CODES.pass;
  },
};
