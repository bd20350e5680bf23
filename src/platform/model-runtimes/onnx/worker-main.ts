/** The child process when mlgate runs from source; `dist` has a stub of its own. */
import { runModelWorker } from './worker.ts';

runModelWorker();
