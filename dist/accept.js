import { runAction } from './index.js';
await runAction('accept', import.meta.dirname);
