/** What users may do in a repository. */
import { notFound, type Handler } from '../call.ts';
import { renderAccount } from '../render/accounts.ts';

/** The owner is an admin; whoever is not named may read, as anybody may in a public repository. */
export const getPermissionOfUser: Handler = (call) => {
  const login = call.params['username'] ?? '';
  const { owner, collaborators } = call.repository;
  if (login === 'nobody') throw notFound();
  const permission = login === owner ? 'admin' : (collaborators.get(login) ?? 'read');
  const permissions = {
    admin: permission === 'admin',
    maintain: permission === 'admin',
    push: permission !== 'read',
    triage: permission !== 'read',
    pull: true,
  };
  return {
    status: 200,
    body: {
      permission,
      role_name: permission,
      user: {
        ...renderAccount(call.baseUrl, { login, type: 'User' }),
        permissions,
        role_name: permission,
      },
    },
  };
};
