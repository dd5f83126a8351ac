/**
 * JSON set apart for reading, each name and value exactly as it stands in `text`: numbers keep all their digits, and a name
 * that is there twice stays. Undefined for what is no JSON, or no object or array.
 */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let depth = 0;
  let before = '';
  let pretty = '';
  const breakLine = (): string => `\n${'  '.repeat(depth)}`;
  // Strings, brackets and separators, and whatever else stands between spaces.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    const closes = token === '}' || token === ']';
    const wasOpened = before === '{' || before === '[';
    if (closes) depth -= 1;
    if (closes ? !wasOpened : wasOpened || before === ',') pretty += breakLine();
    pretty += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return pretty;
}
