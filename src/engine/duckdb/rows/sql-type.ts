/** DuckDB's name of a type, which may be nested, as a tree. */
export type SqlType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly items: SqlType }
  | { readonly kind: 'map'; readonly values: SqlType }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, SqlType> };

interface Read {
  readonly type: SqlType;
  readonly end: number;
}

export function parseSqlType(text: string): SqlType {
  return readType(text, 0).type;
}

function readType(text: string, at: number): Read {
  let read = readBase(text, at);
  for (;;) {
    const list = /^\[\d*\]/u.exec(text.slice(read.end));
    if (list === null) return read;
    read = { type: { kind: 'list', items: read.type }, end: read.end + list[0].length };
  }
}

function readBase(text: string, at: number): Read {
  if (text.startsWith('STRUCT(', at)) return readStruct(text, at + 'STRUCT('.length);
  if (text.startsWith('MAP(', at)) {
    const keys = readType(text, at + 'MAP('.length);
    const values = readType(text, keys.end + ', '.length);
    return { type: { kind: 'map', values: values.type }, end: values.end + 1 };
  }
  // A scalar may have arguments of its own: DECIMAL(18,3), ENUM('a', 'b').
  const scalar = /^[A-Za-z_][\w ]*(?:\((?:'(?:[^']|'')*'|[^)'])*\))?/u.exec(text.slice(at));
  const name = scalar?.[0] ?? '';
  return { type: { kind: 'scalar', name }, end: at + Math.max(1, name.length) };
}

function readStruct(text: string, from: number): Read {
  const fields = new Map<string, SqlType>();
  let at = from;
  while (at < text.length && text[at] !== ')') {
    const name = /^(?:"((?:[^"]|"")*)"|([^ "]+)) /u.exec(text.slice(at));
    const field = readType(text, at + (name?.[0].length ?? 0));
    fields.set(name?.[1]?.replaceAll('""', '"') ?? name?.[2] ?? '', field.type);
    at = text.startsWith(', ', field.end) ? field.end + 2 : field.end;
  }
  return { type: { kind: 'struct', fields }, end: at + 1 };
}
