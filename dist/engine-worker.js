import { runEngineWorker } from './index.js';
await runEngineWorker();
