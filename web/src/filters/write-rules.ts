import type { FilterRules } from './engine.js';
import { shapeOf } from './operators.js';
import type { Group, Member, Rule } from './rules.js';

/** The filter that rules make; groups without a rule are left out. Undefined where nothing is left. */
export function writeRules(group: Group): FilterRules | undefined {
  const parts = group.members.map(partOf).filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  if (group.mode === 'all') return merged(parts);
  return group.mode === 'any' ? { $or: parts } : { $nor: parts };
}

function partOf(member: Member): FilterRules | undefined {
  if (member.kind === 'piece') return member.filter;
  return member.kind === 'group'
    ? writeRules(member)
    : Object.fromEntries([[member.path, operandOf(member)]]);
}

function operandOf(rule: Rule): unknown {
  const { operator } = rule;
  if (operator === 'there' || operator === 'missing') return { $exists: operator === 'there' };
  const value = valueOf(rule);
  return operator === '$eq' ? value : { [operator]: value };
}

/** What keeps a rule from being whole. */
export interface RuleFault {
  field: 'path' | 'value';
  message: string;
}

const value = (message: string): RuleFault => ({ field: 'value', message });

/** Why a rule is not whole yet, undefined where it is. */
export function ruleFault(rule: Rule): RuleFault | undefined {
  const { path, operator, type, text, list } = rule;
  if (path.trim() === '') return { field: 'path', message: 'Choose a field' };
  const shape = shapeOf(operator);
  if (shape === 'none') return undefined;
  if (shape === 'count') return /^\d{1,9}$/.test(text.trim()) ? undefined : value('A whole number');
  if (type === 'json') return jsonFault(text, shape === 'list');
  if (shape === 'list') {
    if (list.length === 0) return value('At least one value');
    return type === 'number' && list.some((each) => !isNumber(each)) ? value('Numbers only') : undefined;
  }
  return type === 'number' && !isNumber(text) ? value('A number') : undefined;
}

function jsonFault(text: string, isList: boolean): RuleFault | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return !isList || Array.isArray(parsed) ? undefined : value('A list: [ … ]');
  } catch {
    return value('JSON');
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** The value of a rule that is whole. */
function valueOf({ operator, type, text, list }: Rule): unknown {
  if (shapeOf(operator) === 'count') return Number(text);
  if (type === 'json') return JSON.parse(text) as unknown;
  if (shapeOf(operator) === 'list') return type === 'number' ? list.map(Number) : list;
  if (type === 'null') return null;
  if (type === 'boolean') return text === 'true';
  return type === 'number' ? Number(text) : text;
}

/** Filters that must all hold as one; what cannot stand side by side goes into `$and`. */
function merged(parts: readonly FilterRules[]): FilterRules {
  const fields = new Map<string, unknown>();
  const beside: FilterRules[] = [];
  for (const part of parts) {
    const entries = Object.entries(part).map(
      ([name, operand]) => [name, joined(fields, name, operand)] as const,
    );
    if (entries.some(([, operand]) => operand === undefined)) beside.push(part);
    else for (const [name, operand] of entries) fields.set(name, operand);
  }
  if (beside.length === 0) return Object.fromEntries(fields);
  const and = (fields.get('$and') as FilterRules[] | undefined) ?? [];
  return { ...Object.fromEntries(fields), $and: [...and, ...beside] };
}

/** What stands under a name once an operand has joined what is there; undefined where it cannot. */
function joined(fields: ReadonlyMap<string, unknown>, name: string, operand: unknown): unknown {
  if (!fields.has(name)) return operand;
  const before = fields.get(name);
  if (!isOperators(before) || !isOperators(operand)) return undefined;
  if (Object.keys(operand).some((operator) => operator in before)) return undefined;
  return { ...before, ...operand };
}

function isOperators(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => name.startsWith('$'));
}

/** All rules that are not whole, within groups too, by their ids. */
export function faultsOf(group: Group): ReadonlyMap<string, RuleFault> {
  const found = group.members.flatMap((member): [string, RuleFault][] => {
    if (member.kind === 'group') return [...faultsOf(member)];
    const fault = member.kind === 'rule' ? ruleFault(member) : undefined;
    return fault ? [[member.id, fault]] : [];
  });
  return new Map(found);
}
