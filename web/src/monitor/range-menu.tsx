import { Button, Loader, Menu } from '@mantine/core';
import { IconCalendarClock, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { allOfTime, quickRanges, rangeLabel, type TimeRange } from './time-range.js';

const CustomRange = lazy(async () => import('./custom-range.js'));

/** Chooses a range of time: a quick one, or by two pickers of dates, which are loaded then. */
export function RangeMenu({
  value,
  onChange,
}: {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
}): ReactNode {
  const [opened, setOpened] = useState(false);
  const [custom, setCustom] = useState(false);
  const { range, from, to } = value;
  const choose = (next: TimeRange): void => {
    setOpened(false);
    onChange(next);
  };
  const choices = [['', 'All time'] as const].concat(
    Object.entries(quickRanges).map(([name, { label }]) => [name, label] as never),
  );
  return (
    <Menu
      opened={opened}
      onChange={(open) => {
        setOpened(open);
        if (open) setCustom(false);
      }}
      closeOnItemClick={false}
      position="bottom-start"
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <Button
          variant="default"
          fw={500}
          leftSection={<IconCalendarClock size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {rangeLabel(value)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {custom ? (
          <Suspense fallback={<Loader size="sm" m="md" />}>
            <CustomRange value={value} onChange={choose} />
          </Suspense>
        ) : (
          <>
            {choices.map(([name, label]) => (
              <Menu.Item
                key={name}
                rightSection={
                  name === range && from === '' && to === '' ? (
                    <IconCheck size={16} aria-label="chosen" />
                  ) : null
                }
                onClick={() => choose({ ...allOfTime, range: name })}
              >
                {label}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item onClick={() => setCustom(true)}>From and to…</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
