/** Arithmetic expressions of the reference cases, such as `u < p*p*(3-2*p)`, evaluated at one index. */

/** A name is a number, a vector (its element at the index), or, followed by [i], the same vector. */
export type Scope = Readonly<Record<string, number | readonly number[]>>;

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  floor: Math.floor,
  round: Math.round,
  exp: Math.exp,
  log: Math.log,
  ln: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  pow: Math.pow,
  min: Math.min,
  max: Math.max,
};

const COMPARISONS: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
  '==': (x, y) => x === y,
};

/** Evaluates an expression at an index; booleans become 1 and 0, and `a <= i < b` means both comparisons. */
export function evaluateExpression(text: string, scope: Scope, index: number): number {
  const tokens = text.match(/\d+\.?\d*(?:e-?\d+)?|\.\d+|[a-z_]\w*|\*\*|[<>=!]=|&&|\|\||[^\s]/gi) ?? [];
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const take = (expected?: string): string => {
    const token = tokens[at++] ?? '';
    if (expected !== undefined && token !== expected) {
      throw new Error(`Expected ${expected} instead of "${token}" in "${text}".`);
    }
    return token;
  };
  const valueOf = (name: string): number => {
    if (name === 'i') return index;
    const value = scope[name];
    if (value === undefined) throw new Error(`Unknown name "${name}" in "${text}".`);
    return typeof value === 'number' ? value : (value[index] ?? Number.NaN);
  };
  const atom = (): number => {
    const token = take();
    if (token === '(') {
      const value = ternary();
      take(')');
      return value;
    }
    if (token === '-') return -power();
    if (/^[\d.]/.test(token)) return Number(token);
    const call = FUNCTIONS[token.replace(/^Math\.?/, '')];
    if (call !== undefined && peek() === '(') {
      take('(');
      const values = [ternary()];
      while (peek() === ',') {
        take(',');
        values.push(ternary());
      }
      take(')');
      return call(...values);
    }
    if (peek() === '[') {
      take('[');
      take('i');
      take(']');
    }
    return valueOf(token);
  };
  const power = (): number => {
    const base = atom();
    if (peek() !== '**' && peek() !== '^') return base;
    take();
    return base ** power();
  };
  const product = (): number => {
    let value = power();
    while (['*', '/', '%'].includes(peek())) {
      const operator = take();
      const right = power();
      if (operator === '*') value *= right;
      else if (operator === '/') value /= right;
      else value %= right;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (['+', '-'].includes(peek())) value = take() === '+' ? value + product() : value - product();
    return value;
  };
  const comparison = (): number => {
    let left = sum();
    if (COMPARISONS[peek()] === undefined) return left;
    let holds = true;
    for (let compare = COMPARISONS[peek()]; compare !== undefined; compare = COMPARISONS[peek()]) {
      take();
      const right = sum();
      holds = compare(left, right) && holds;
      left = right;
    }
    return holds ? 1 : 0;
  };
  const logical = (): number => {
    let value = comparison();
    while (['&&', '||'].includes(peek())) {
      const operator = take();
      const right = comparison();
      value = operator === '&&' ? Number(value !== 0 && right !== 0) : Number(value !== 0 || right !== 0);
    }
    return value;
  };
  const ternary = (): number => {
    const condition = logical();
    if (peek() !== '?') return condition;
    take('?');
    const yes = ternary();
    take(':');
    const no = ternary();
    return condition === 0 ? no : yes;
  };
  const value = ternary();
  if (at !== tokens.length) throw new Error(`Unexpected "${peek()}" in "${text}".`);
  return value;
}
