/** What a column of a predictions file can be: each row's identity, truth and prediction, and what it belongs to. */
export type Role = 'id' | 'target' | 'score' | 'prediction' | 'group' | 'stratum';

export type RoleColumns = Readonly<Partial<Record<Role, string>>> & {
  readonly id: string;
  readonly target: string;
};
