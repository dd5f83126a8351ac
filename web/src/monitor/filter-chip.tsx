import { Popover, UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useChoices, type FilterField } from './filter-field.js';
import { FilterEditor } from './filter-editor.js';
import classes from './filter-bar.module.css';

/** A filter that holds: a click changes it, the cross takes it away. */
export function FilterChip({
  field,
  value,
  onChange,
}: {
  field: FilterField;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const [opened, setOpened] = useState(false);
  const label = useChoices(field)?.find((choice) => choice.value === value)?.label ?? value;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      trapFocus
      transitionProps={{ duration: 0 }}
    >
      <span className={classes['chip']}>
        <Popover.Target>
          <UnstyledButton className={classes['chipText'] ?? ''} onClick={() => setOpened(!opened)}>
            {field.label}: <bdi>{label}</bdi>
          </UnstyledButton>
        </Popover.Target>
        <UnstyledButton
          className={classes['remove'] ?? ''}
          aria-label={`Remove filter ${field.label}`}
          onClick={() => onChange('')}
        >
          <IconX size={14} aria-hidden />
        </UnstyledButton>
      </span>
      <Popover.Dropdown>
        <FilterEditor
          field={field}
          value={value}
          onChange={(next) => {
            setOpened(false);
            onChange(next);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
