import { Anchor, Checkbox, CloseButton, Group, Input, Loader, Text, TextInput } from '@mantine/core';
import { useId } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { byCategory, isAbout, useEventTypes, type EventType } from './event-types.js';
import classes from './event-type-picker.module.css';

/** A field for one or many event types, by category; typing narrows them, a category's box takes all that are shown of it. */
export function EventTypePicker({
  label = 'Event types',
  description,
  value,
  onChange,
  error,
}: {
  label?: string;
  description?: ReactNode;
  value: readonly string[];
  onChange: (names: string[]) => void;
  error?: ReactNode;
}): ReactNode {
  const id = useId();
  const [text, setText] = useState('');
  const types = useEventTypes();
  const shown = types.rows.filter((type) => isAbout(type, text));
  const set = (names: readonly string[], isChosen: boolean): void =>
    onChange(isChosen ? [...new Set([...value, ...names])] : value.filter((name) => !names.includes(name)));
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error} required>
      <div
        role="group"
        aria-label={label}
        className={classes['box']}
        data-invalid={Boolean(error) || undefined}
      >
        <TextInput
          variant="unstyled"
          px="sm"
          className={classes['search'] ?? ''}
          type="search"
          aria-label="Narrow the event types"
          placeholder="Narrow by name or category"
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSectionWidth={110}
          rightSection={
            <Group gap={2} wrap="nowrap">
              <Text size="xs" c="dimmed" id={id}>
                {value.length} chosen
              </Text>
              {value.length === 0 ? null : (
                <CloseButton size="sm" aria-label="Choose none" onClick={() => onChange([])} />
              )}
            </Group>
          }
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Enter would send the form that this is a part of.
            if (event.key === 'Enter') event.preventDefault();
          }}
        />
        <div className={classes['list']} tabIndex={-1}>
          {types.error ? <ProblemNotice error={types.error} retry={types.reload} mt="xs" /> : null}
          {types.isLoading ? <Loader size="sm" m="sm" /> : null}
          {types.isLoading || shown.length > 0 ? null : <Nothing hasTypes={types.rows.length > 0} />}
          {[...byCategory(shown)].map(([category, members]) => (
            <Category key={category} {...{ category, members, value, set }} />
          ))}
        </div>
      </div>
    </Input.Wrapper>
  );
}

function Category({
  category,
  members,
  value,
  set,
}: {
  category: string;
  members: readonly EventType[];
  value: readonly string[];
  set: (names: readonly string[], isChosen: boolean) => void;
}): ReactNode {
  const names = members.map(({ name }) => name);
  const chosen = names.filter((name) => value.includes(name)).length;
  return (
    <div role="group" aria-label={category} className={classes['category']}>
      <Checkbox
        size="sm"
        label={
          <Text span size="sm" fw={600}>
            {category}
          </Text>
        }
        checked={chosen === names.length}
        indeterminate={chosen > 0 && chosen < names.length}
        onChange={(event) => set(names, event.currentTarget.checked)}
      />
      {members.map(({ name, label }) => (
        <Checkbox
          key={name}
          size="sm"
          className={classes['item'] ?? ''}
          label={
            <span className={classes['name']}>
              {name}
              {label === null || label === name ? null : (
                <Text span size="sm" c="dimmed">
                  {' · '}
                  {label}
                </Text>
              )}
            </span>
          }
          checked={value.includes(name)}
          onChange={(event) => set([name], event.currentTarget.checked)}
        />
      ))}
    </div>
  );
}

function Nothing({ hasTypes }: { hasTypes: boolean }): ReactNode {
  const to = useLinks();
  return (
    <Text size="sm" c="dimmed" py="sm">
      {hasTypes ? (
        'No event type matches.'
      ) : (
        <>
          There are no event types yet.{' '}
          <Anchor component={Link} size="sm" to={to('event-types', 'import')}>
            Import a catalogue
          </Anchor>{' '}
          or{' '}
          <Anchor component={Link} size="sm" to={to('event-types', 'new')}>
            make one
          </Anchor>{' '}
          first.
        </>
      )}
    </Text>
  );
}
