import { runAction } from './index.js';
await runAction('compare-metrics', import.meta.dirname);
