/** The four roles that a column of a predictions file can have. */
export type Role = 'id' | 'target' | 'score' | 'prediction';

export type RoleColumns = Readonly<Partial<Record<Role, string>>> & {
  readonly id: string;
  readonly target: string;
};
