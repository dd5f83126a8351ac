import { Button, Menu, Popover } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { FilterChip } from './filter-chip.js';
import { FilterEditor } from './filter-editor.js';
import type { FilterBarProps } from './filter-bar.js';
import type { FilterField } from './filter-field.js';
import classes from './filter-bar.module.css';
import { RangeMenu } from './range-menu.js';

/** The bar itself: a range of time, the filters that hold as chips, and a menu of those that can be added. */
export default function FilterBarContent({
  fields,
  values,
  onChange,
  onClear,
  range,
  children,
}: FilterBarProps): ReactNode {
  const held = fields.filter(({ name }) => (values[name] ?? '') !== '');
  return (
    <div className={classes['bar']} role="group" aria-label="Filters">
      <RangeMenu value={range.value} onChange={range.onChange} />
      <AddFilter fields={fields.filter((field) => !held.includes(field))} onChange={onChange} />
      {held.map((field) => (
        <FilterChip
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
      {held.length > 1 ? (
        <Button variant="subtle" size="compact-sm" onClick={onClear}>
          Clear filters
        </Button>
      ) : null}
      {children}
    </div>
  );
}

function AddFilter({
  fields,
  onChange,
}: {
  fields: readonly FilterField[];
  onChange: (name: string, value: string) => void;
}): ReactNode {
  const [menu, setMenu] = useState(false);
  const [field, setField] = useState<FilterField | undefined>(undefined);
  const button = (
    <Button
      variant="default"
      fw={500}
      leftSection={<IconFilterPlus size={16} aria-hidden />}
      disabled={fields.length === 0}
    >
      Filter
    </Button>
  );
  if (field) {
    return (
      <Popover
        opened
        onChange={() => setField(undefined)}
        position="bottom-start"
        trapFocus
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>{button}</Popover.Target>
        <Popover.Dropdown>
          <FilterEditor
            field={field}
            value=""
            onChange={(value) => {
              setField(undefined);
              onChange(field.name, value);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    );
  }
  return (
    <Menu opened={menu} onChange={setMenu} position="bottom-start" transitionProps={{ duration: 0 }}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {fields.map((each) => (
          <Menu.Item key={each.name} onClick={() => setField(each)}>
            {each.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
