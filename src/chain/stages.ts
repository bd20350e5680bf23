/** The stages of the chain, in their order. By itself, so that naming one does not load them all. */
export const STAGES = ['data', 'model', 'comparison'] as const;
export type Stage = (typeof STAGES)[number];
