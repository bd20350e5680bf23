/** What is wrong with a file that is no whole Arrow IPC. The message is a clause. */
export class ArrowFault extends Error {}
