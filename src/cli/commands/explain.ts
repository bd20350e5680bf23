import { explainKey } from '../../config/explain-key.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import { JSON_OPTION, type Command } from '../command.ts';

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Say what a key of mlgate.yml or of a data schema means, what it may be, and its default.',
  positionals: [
    {
      name: 'KEY',
      description: 'A key, such as models.churn.metrics.roc_auc.max-regression. Without it: all keys.',
      required: false,
    },
  ],
  options: { json: JSON_OPTION },
  examples: [
    'mlgate explain models.churn.metrics.roc_auc.max-regression',
    'mlgate explain data-schema.properties.age.pattern',
  ],
  run: async (arguments_, context) => {
    const key = arguments_.positionals[0] ?? '';
    const text = explainKey(key);
    context.print(arguments_.flag('json') ? `${JSON.stringify({ key, text })}\n` : `${text.trimEnd()}\n`);
    return EXIT_CODES.pass;
  },
};
