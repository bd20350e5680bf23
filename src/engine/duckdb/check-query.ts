/**
 * Whether a user's query is one SELECT over the tables that it may see and nothing else. It is judged by the syntax tree
 * of DuckDB's own parser (`json_serialize_sql`), by what is allowed: whatever is not known here is refused.
 */

type Node = Readonly<Record<string, unknown>>;

/** What a query may not have, as the end of a sentence that begins with the query's name; undefined where it is fine. */
export type Refusal = string | undefined;

export interface QueryTree {
  /** The serialised tree. */
  readonly json: string;
  /** Tables that the query may name, in lower case. */
  readonly tables: readonly string[];
  /** The columns of these tables, in lower case: what else is named like the moment or the session is that. */
  readonly columns: readonly string[];
  /** Whether a function always gives the same answer for the same values, and touches nothing. */
  readonly isPure: (functionName: string) => boolean;
}

type Allowed = Pick<QueryTree, 'isPure' | 'columns'>;

const STATEMENT_NODES = ['SELECT_NODE', 'SET_OPERATION_NODE'];
const TABLE_NODES = ['BASE_TABLE', 'JOIN', 'SUBQUERY', 'EMPTY', 'EXPRESSION_LIST'];

/** Functions that make rows out of values. */
const TABLE_FUNCTIONS = ['unnest', 'generate_series', 'range'];

/** Functions whose answer depends on the session, the settings or the moment, whatever their catalogue says of them. */
const IMPURE =
  /^(?:current_|get_current|getvariable$|getenv|json_(?:de)?serialize|json_execute|parse_duckdb|pg_|has_|inet_|session_|user$|txid_|query|read_|glob$|duckdb_|pragma_|version$|vector_type$|reservoir_)/u;

/** The refusal of a query's tree. */
export function checkQueryTree({ json, tables, columns, isPure }: QueryTree): Refusal {
  const tree = JSON.parse(json) as Node;
  if (tree['error'] === true) return explainParserError(tree);
  const statements = tree['statements'];
  if (!Array.isArray(statements) || statements.length !== 1) return 'is not one statement';
  return visit(statements[0], new Set(tables), { isPure, columns });
}

function explainParserError(tree: Node): string {
  const told = String(tree['error_message']).split('\n')[0] ?? '';
  return tree['error_type'] === 'parser' ? `cannot be read: ${told}` : 'is no plain SELECT';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function visit(value: unknown, tables: ReadonlySet<string>, allowed: Allowed): Refusal {
  if (Array.isArray(value)) return firstRefusal(value, (item) => visit(item, tables, allowed));
  if (!isNode(value)) return undefined;
  const refused = refuseNode(value, tables, allowed);
  if (refused !== undefined) return refused;
  const { cte_map: map, ...others } = value;
  const known = new Set(tables);
  // A table of WITH is seen by those after it and by the query, not by itself: its own name would mean another table.
  for (const entry of listWith(map)) {
    const inside = visit(entry['value'], known, allowed);
    if (inside !== undefined) return inside;
    known.add(String(entry['key']).toLowerCase());
  }
  return firstRefusal(Object.values(others), (child) => visit(child, known, allowed));
}

function listWith(map: unknown): readonly Node[] {
  const entries = isNode(map) ? map['map'] : undefined;
  return Array.isArray(entries) ? entries.filter(isNode) : [];
}

function firstRefusal(values: readonly unknown[], check: (value: unknown) => Refusal): Refusal {
  for (const value of values) {
    const refused = check(value);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

const SAMPLED = 'takes a sample, which is another one each time';

function refuseNode(node: Node, tables: ReadonlySet<string>, allowed: Allowed): Refusal {
  const type = String(node['type']);
  if ('modifiers' in node) {
    if (!STATEMENT_NODES.includes(type)) return 'is no plain SELECT';
    return (node['sample'] ?? null) === null ? undefined : SAMPLED;
  }
  if ('function_name' in node) return refuseFunction(node, allowed);
  if (node['class'] === 'PARAMETER') return 'has a parameter';
  if (node['class'] === 'COLUMN_REF') return refuseColumn(node, allowed);
  if ('class' in node) return undefined;
  return 'sample' in node && 'alias' in node ? refuseTable(node, type, tables) : undefined;
}

/** Names that mean the moment or the session where no column has them, as functions without brackets. */
const NOT_COLUMNS = /^(?:current_|local|session_user$|user$)/u;

function refuseColumn(node: Node, { columns }: Allowed): Refusal {
  const names = node['column_names'];
  const name = Array.isArray(names) && names.length === 1 ? String(names[0]).toLowerCase() : '';
  return NOT_COLUMNS.test(name) && !columns.includes(name)
    ? `calls \`${name}\`, which it may not`
    : undefined;
}

function refuseTable(node: Node, type: string, tables: ReadonlySet<string>): Refusal {
  if (node['sample'] !== null) return SAMPLED;
  if (type === 'TABLE_FUNCTION') {
    const name = isNode(node['function']) ? String(node['function']['function_name']).toLowerCase() : '';
    return TABLE_FUNCTIONS.includes(name) ? undefined : `reads \`${name}(…)\`, which is no table of it`;
  }
  if (!TABLE_NODES.includes(type)) return 'is no plain SELECT';
  if (type !== 'BASE_TABLE') return undefined;
  const isPlain = node['schema_name'] === '' && node['catalog_name'] === '' && node['at_clause'] === null;
  const name = String(node['table_name']);
  return isPlain && tables.has(name.toLowerCase()) ? undefined : `reads \`${name}\`, which is no table of it`;
}

function refuseFunction(node: Node, allowed: Allowed): Refusal {
  const name = String(node['function_name']).toLowerCase();
  // What brackets and the like stand for is called by the full name of the built-in function.
  const isPlain =
    ['', 'main', undefined].includes(textOf(node['schema'])) &&
    ['', 'system', undefined].includes(textOf(node['catalog']));
  const isKnown = node['class'] === 'WINDOW' || TABLE_FUNCTIONS.includes(name) || allowed.isPure(name);
  return isPlain && isKnown && !IMPURE.test(name) && !isSinceNow(name, node)
    ? undefined
    : `calls \`${name}\`, which it may not`;
}

/** The age of one time is its distance from today. */
function isSinceNow(name: string, { children }: Node): boolean {
  return name === 'age' && Array.isArray(children) && children.length < 2;
}

/** Macros of DuckDB's that only compute. */
export const PURE_MACROS =
  /^(?:list_|array_|nullif$|split_part$|fdiv$|fmod$|days_in_month$|date_add$|geomean$|geometric_mean$|wavg$|weighted_avg$|round_even$|roundbankers$|md5_number)/u;

/** Whether a column of a name is asked for. */
export function namesColumn(json: string, column: string): boolean {
  const search = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(search);
    if (!isNode(value)) return false;
    const names = value['column_names'];
    const isAsked = value['class'] === 'COLUMN_REF' && Array.isArray(names) && names.at(-1) === column;
    return isAsked || Object.values(value).some(search);
  };
  return search(JSON.parse(json));
}
