import { runAction } from './index.js';
await runAction('mlgate', import.meta.dirname);
