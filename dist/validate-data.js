import { runAction } from './index.js';
await runAction('validate-data', import.meta.dirname);
