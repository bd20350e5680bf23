import { runAction } from './index.js';
await runAction('record-baseline', import.meta.dirname);
