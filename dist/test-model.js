import { runAction } from './index.js';
await runAction('test-model', import.meta.dirname);
