import type { FilterRules } from './engine.js';
import type { Operator, ValueType } from './operators.js';

/** One rule as it is built: its value as typed text, or for a list of them as texts. */
export interface Rule {
  kind: 'rule';
  id: string;
  path: string;
  operator: Operator;
  type: ValueType;
  text: string;
  list: readonly string[];
}

/** Rules of which all, any or none must hold. */
export interface Group {
  kind: 'group';
  id: string;
  mode: 'all' | 'any' | 'none';
  members: readonly Member[];
}

/** A piece of a filter for which the builder has no form; it stays as it is. */
export interface Piece {
  kind: 'piece';
  id: string;
  filter: FilterRules;
}

export type Member = Rule | Group | Piece;

let made = 0;

/** An id for a member, which no filter holds: it tells members apart while they are edited. */
export function memberId(): string {
  made += 1;
  return `member-${made}`;
}

export function newRule(): Rule {
  return { kind: 'rule', id: memberId(), path: '', operator: '$eq', type: 'text', text: '', list: [] };
}

export function newGroup(mode: Group['mode'], members: readonly Member[]): Group {
  return { kind: 'group', id: memberId(), mode, members };
}

/** The group with the member of this id replaced; undefined takes it away. */
export function withMember(group: Group, id: string, next: Member | undefined): Group {
  const members = group.members.flatMap((member): Member[] => {
    if (member.id === id) return next ? [next] : [];
    return [member.kind === 'group' ? withMember(member, id, next) : member];
  });
  return { ...group, members };
}
