import '@mantine/dates/styles.css';
import { Button, Stack, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useState, type ReactNode } from 'react';
import { endsOf, type TimeRange } from './time-range.js';

/** Two pickers of a date and a time, in local time; either may stay open. */
export default function CustomRange({
  value,
  onChange,
}: {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
}): ReactNode {
  const given = endsOf(value);
  const [from, setFrom] = useState(given.from === undefined ? null : localOf(given.from));
  const [to, setTo] = useState(given.to === undefined ? null : localOf(given.to));
  const isBackwards = from !== null && to !== null && from >= to;
  return (
    <Stack gap="sm" p="xs" w={260}>
      <DateTimePicker
        label="From"
        placeholder="The beginning"
        clearable
        value={from}
        onChange={setFrom}
        popoverProps={{ withinPortal: false }}
      />
      <DateTimePicker
        label="To"
        placeholder="Now"
        clearable
        value={to}
        onChange={setTo}
        error={isBackwards ? 'Choose a time after “From”' : null}
        popoverProps={{ withinPortal: false }}
      />
      <Text size="xs" c="dimmed">
        In your time, {new Intl.DateTimeFormat().resolvedOptions().timeZone}
      </Text>
      <Button
        disabled={isBackwards}
        onClick={() => onChange({ range: '', from: isoOf(from), to: isoOf(to) })}
      >
        Show
      </Button>
    </Stack>
  );
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** The picker's `YYYY-MM-DD HH:mm:ss`, in local time. */
function localOf(iso: string): string {
  const at = new Date(iso);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function isoOf(local: string | null): string {
  return local === null ? '' : new Date(local.replace(' ', 'T')).toISOString();
}
