/** A request that a page shows, and the answer after it. */
export interface Example {
  /** Where the request stands in the page, from 1. */
  line: number;
  method: string;
  /** A path of the API; or the URL of a receiver, for a request that Postrider makes. */
  target: string;
  headers: [name: string, value: string][];
  body: string | undefined;
  answer: { status: number | undefined; text: string } | undefined;
}

interface Fence {
  line: number;
  info: string;
  text: string;
}

const fences = /^```(.*)\n([\s\S]*?)^```$/gm;

/** The examples of a page, in order: each `http` fence, with the `json` fence that comes next. */
export function examplesOf(page: string): Example[] {
  const found = Array.from(page.matchAll(fences), (match): Fence => {
    const [, info = '', text = ''] = match;
    return { line: page.slice(0, match.index).split('\n').length, info: info.trim(), text };
  });
  return found.flatMap((fence, index) => (fence.info === 'http' ? [exampleOf(fence, found[index + 1])] : []));
}

function exampleOf({ line, text }: Fence, next: Fence | undefined): Example {
  const [head = '', ...rest] = text.trimEnd().split(/\n\n/);
  const [first = '', ...headerLines] = head.split('\n');
  const [method = '', target = ''] = first.split(' ');
  const body = rest.join('\n\n');
  const [language, status] = next?.info.split(' ') ?? [];
  return {
    line,
    method,
    target,
    headers: headerLines.map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
    }),
    body: body === '' ? undefined : body,
    answer:
      next && language === 'json'
        ? { status: status === undefined ? undefined : Number(status), text: next.text }
        : undefined,
  };
}
