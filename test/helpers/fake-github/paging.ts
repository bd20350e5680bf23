/** Pages of a list, with GitHub's Link header. */
import type { Call } from './call.ts';

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly headers: Readonly<Record<string, string>>;
}

function positive(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

/** The page that the query asks for: 30 items unless it says otherwise, never more than 100. */
export function paginate<Item>(call: Call, all: readonly Item[]): Page<Item> {
  const perPage = Math.min(positive(call.query['per_page'], DEFAULT_PER_PAGE), MAX_PER_PAGE);
  const page = positive(call.query['page'], 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const link = (target: number, relation: string) => {
    const url = new URL(call.path, call.baseUrl);
    url.searchParams.set('page', String(target));
    return `<${url.href}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}
