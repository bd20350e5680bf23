import { runModelWorker } from './index.js';
await runModelWorker();
