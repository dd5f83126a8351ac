import { Button, CloseButton, Group as Line, Menu, Select, Text } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { RuleRow } from './rule-row.js';
import { newGroup, newRule, withMember, type Group, type Member } from './rules.js';
import type { SamplePath } from './sample-paths.js';
import type { RuleFault } from './write-rules.js';
import classes from './filter-field.module.css';

const modes = [
  { value: 'all', label: 'All of these hold' },
  { value: 'any', label: 'Any of these holds' },
  { value: 'none', label: 'None of these holds' },
] as const;

/** How deep groups go in the builder; the language allows more, in its JSON. */
const deepest = 4;

/** Rules and groups of them, with buttons to add more. */
export function RuleGroup({
  group,
  paths,
  faults,
  depth = 0,
  onChange,
  onRemove,
}: {
  group: Group;
  paths: readonly SamplePath[];
  faults: ReadonlyMap<string, RuleFault>;
  depth?: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}): ReactNode {
  const { mode, members } = group;
  const replace = (member: Member, next: Member | undefined): void =>
    onChange(withMember(group, member.id, next));
  const append = (member: Member): void => onChange({ ...group, members: [...members, member] });
  return (
    <div role="group" aria-label="Rules" className={classes['group']}>
      {members.length < 2 && onRemove === undefined && mode === 'all' ? null : (
        <Line justify="space-between" wrap="nowrap">
          <Select
            aria-label="How the rules go together"
            size="xs"
            w={180}
            data={modes.map((each) => ({ ...each }))}
            value={mode}
            allowDeselect={false}
            onChange={(next) => onChange({ ...group, mode: next as Group['mode'] })}
          />
          {onRemove ? <CloseButton size="sm" aria-label="Remove the group" onClick={onRemove} /> : null}
        </Line>
      )}
      {members.map((member) => {
        if (member.kind === 'group') {
          return (
            <RuleGroup
              key={member.id}
              group={member}
              paths={paths}
              faults={faults}
              depth={depth + 1}
              onChange={(next) => replace(member, next)}
              onRemove={() => replace(member, undefined)}
            />
          );
        }
        if (member.kind === 'piece') {
          return (
            <div key={member.id} className={classes['rule']} style={{ gridTemplateColumns: '1fr 30px' }}>
              <div>
                <pre className={classes['piece']}>{JSON.stringify(member.filter)}</pre>
                <Text size="xs" c="dimmed">
                  Kept as it is; change it under “JSON”.
                </Text>
              </div>
              <CloseButton aria-label="Remove this rule" onClick={() => replace(member, undefined)} />
            </div>
          );
        }
        return (
          <RuleRow
            key={member.id}
            rule={member}
            paths={paths}
            fault={faults.get(member.id)}
            onChange={(next) => replace(member, next)}
            onRemove={() => replace(member, undefined)}
          />
        );
      })}
      <Line gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => append(newRule())}
        >
          Rule
        </Button>
        {depth < deepest && members.length > 0 ? (
          <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
            <Menu.Target>
              <Button
                size="xs"
                variant="default"
                rightSection={<IconChevronDown size={14} aria-hidden />}
                leftSection={<IconPlus size={14} aria-hidden />}
              >
                Group
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {modes.map(({ value, label }) => (
                <Menu.Item key={value} onClick={() => append(newGroup(value, [newRule()]))}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </Line>
    </div>
  );
}
