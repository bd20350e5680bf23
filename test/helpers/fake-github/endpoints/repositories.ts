/** The repository itself, and its branches. */
import type { Handler } from '../call.ts';
import { renderFullRepository } from '../render/repositories.ts';

export const getRepository: Handler = (call) => ({
  status: 200,
  body: renderFullRepository(call.baseUrl, call.repository),
});
