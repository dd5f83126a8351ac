import { Autocomplete, Button, Group, Select, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useChoices, type FilterField } from './filter-field.js';

const inPlace = { comboboxProps: { withinPortal: false, transitionProps: { duration: 0 } }, w: 280 };

/** Gives a filter its value: one of its choices, or a text. */
export function FilterEditor({
  field,
  value,
  onChange,
}: {
  field: FilterField;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const choices = useChoices(field);
  const [text, setText] = useState(value);
  if (choices !== undefined && field.free !== true) {
    return (
      <Select
        {...inPlace}
        label={field.label}
        data-autofocus
        searchable
        defaultDropdownOpened
        nothingFoundMessage="Nothing of that name"
        data={choices}
        value={value === '' ? null : value}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  const props = { label: field.label, value: text, maxLength: 256, 'data-autofocus': true };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim());
      }}
    >
      <Group gap="xs" align="end" wrap="nowrap">
        {choices === undefined ? (
          <TextInput {...props} w={280} onChange={(event) => setText(event.currentTarget.value)} />
        ) : (
          <Autocomplete
            {...props}
            {...inPlace}
            data={choices.map((choice) => choice.value)}
            onChange={setText}
            onOptionSubmit={onChange}
          />
        )}
        <Button type="submit">Apply</Button>
      </Group>
    </form>
  );
}
