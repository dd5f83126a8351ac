import type { FilterRules } from './engine.js';
import { operators, shapeOf } from './operators.js';
import { readRules } from './read-rules.js';
import type { Member } from './rules.js';

/** A filter that is valid in words: `flow is Delivery and total is at least 100`. */
export function describeFilter(filter: FilterRules): string {
  return wordsOf(readRules(filter));
}

function wordsOf(member: Member): string {
  if (member.kind === 'piece') return JSON.stringify(member.filter);
  if (member.kind === 'group') {
    const words = member.members.map((each) =>
      each.kind === 'group' && each.members.length > 1 && each.mode !== 'none'
        ? `(${wordsOf(each)})`
        : wordsOf(each),
    );
    if (member.mode === 'none') return `none of (${words.join(', ')})`;
    return words.join(member.mode === 'any' ? ' or ' : ' and ');
  }
  const { path, operator, text, list } = member;
  const value = shapeOf(operator) === 'list' && list.length > 0 ? list.join(', ') : text;
  return [path, operators[operator], value].filter((word) => word !== '').join(' ');
}
