import type { FilterRules } from './engine.js';
import { memberId, newGroup, newRule, type Group, type Member } from './rules.js';
import type { Operator, ValueType } from './operators.js';

const plain = new Set<string>(['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte', '$all', '$size']);
const modes = { $and: 'all', $or: 'any', $nor: 'none' } as const;

/** A filter that is valid as the builder shows it: it means the same, and what the builder has no form for is kept as a piece. */
export function readRules(filter: FilterRules): Group {
  const members = Object.entries(filter).flatMap(([name, operand]): Member[] => {
    if (!isMode(name)) return fieldMembers(name, operand);
    const inner = (operand as FilterRules[]).map(memberOf);
    // All of some within all of others are all of them.
    return name === '$and' ? inner : [newGroup(modes[name], inner)];
  });
  return newGroup('all', members);
}

function memberOf(filter: FilterRules): Member {
  const group = readRules(filter);
  const [only] = group.members;
  // Without a rule it holds for everything, which decides where it is one of several.
  if (!only) return { kind: 'piece', id: memberId(), filter: {} };
  return group.members.length === 1 ? only : group;
}

function fieldMembers(path: string, operand: unknown): Member[] {
  if (!isOperators(operand)) return [ruleOf(path, '$eq', operand)];
  return Object.entries(operand).map(([operator, expected]) => {
    if (operator === '$exists') return ruleOf(path, expected === true ? 'there' : 'missing', null);
    if (plain.has(operator)) return ruleOf(path, operator as Operator, expected);
    return { kind: 'piece', id: memberId(), filter: Object.fromEntries([[path, { [operator]: expected }]]) };
  });
}

function ruleOf(path: string, operator: Operator, value: unknown): Member {
  const rule = { ...newRule(), path, operator };
  if (operator === 'there' || operator === 'missing') return rule;
  if (Array.isArray(value) && (operator === '$in' || operator === '$nin' || operator === '$all')) {
    const [type = 'text', other] = [...new Set(value.map(typeOf))];
    if (other === undefined && (type === 'text' || type === 'number')) {
      return { ...rule, type, list: value.map(String) };
    }
    return { ...rule, type: 'json', text: JSON.stringify(value) };
  }
  const type = typeOf(value);
  return { ...rule, type, text: type === 'json' ? JSON.stringify(value) : String(value) };
}

/** What a JSON value is to the builder. */
export function typeOf(value: unknown): ValueType {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' || typeof value === 'boolean' ? (typeof value as ValueType) : 'json';
}

function isMode(name: string): name is keyof typeof modes {
  return Object.hasOwn(modes, name);
}

function isOperators(operand: unknown): operand is Record<string, unknown> {
  return (
    typeof operand === 'object' &&
    operand !== null &&
    !Array.isArray(operand) &&
    Object.keys(operand).some((name) => name.startsWith('$'))
  );
}
