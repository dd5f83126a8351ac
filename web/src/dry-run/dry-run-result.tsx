import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import classes from './dry-run.module.css';

type Result = Schema<'DryRunOfSettings'>;
interface Tally {
  count: number;
  eventIds: readonly string[];
}

const reasons: Record<Result['breaks']['reasons'][number]['reason'], string> = {
  rendering_failed: 'the body could not be made',
  body_too_large: 'the body would be too large',
  empty_body: 'the form would be empty',
};

const count = new Intl.NumberFormat();

/** What a dry run found: how many would have gone, more, fewer, and which of them would break, each with its samples. */
export function DryRunResult({ result }: { result: Result }): ReactNode {
  const { looked, total, cut, goes, goesNow, more, fewer, breaks, missing } = result;
  if (looked === 0) {
    return (
      <Alert variant="light" color="gray" title="No events of these types in the last 24 hours">
        There is nothing to try it on. The preview shows it on a sample.
      </Alert>
    );
  }
  return (
    <Stack gap="sm" className={classes['result'] ?? ''}>
      <div className={classes['figures']}>
        <Figure value={goes} label="would have gone" note={`${count.format(goesNow)} do now`} />
        <Figure value={more.count} label="more" tally={more} />
        <Figure value={fewer.count} label="fewer" tally={fewer} isBad={fewer.count > 0} />
        <Figure value={breaks.count} label="would break" tally={breaks} isBad={breaks.count > 0} />
      </div>
      {breaks.reasons.map(({ reason, ...tally }) => (
        <Group key={reason} gap={6} wrap="nowrap" align="flex-start">
          <IconAlertTriangle size={16} aria-hidden className={classes['warning'] ?? ''} />
          <Text size="sm">
            In {count.format(tally.count)}, {reasons[reason]}. <Samples tally={tally} />
          </Text>
        </Group>
      ))}
      {missing.map(({ placeholder, ...tally }) => (
        <Text size="sm" key={placeholder}>
          <Text span inherit ff="monospace">
            {`{${placeholder}}`}
          </Text>{' '}
          found nothing in {count.format(tally.count)} of them. <Samples tally={tally} />
        </Text>
      ))}
      <Text size="xs" c="dimmed">
        {cut
          ? `The newest ${count.format(looked)}${total === null ? '' : ` of ${count.format(total)}`} events of the last 24 hours.`
          : looked === 1
            ? 'There was 1 event of these types in the last 24 hours.'
            : `All ${count.format(looked)} events of these types of the last 24 hours.`}
      </Text>
    </Stack>
  );
}

function Figure({
  value,
  label,
  note,
  tally,
  isBad = false,
}: {
  value: number;
  label: string;
  note?: string;
  tally?: Tally;
  isBad?: boolean;
}): ReactNode {
  return (
    <div>
      <Text fz={22} fw={650} lh={1.2} {...(isBad ? { c: 'var(--mantine-color-error)' } : {})}>
        {count.format(value)}
      </Text>
      <Text size="sm">{label}</Text>
      <Text size="xs" c="dimmed" component="div">
        {note}
        {tally ? <Samples tally={tally} /> : null}
      </Text>
    </div>
  );
}

/** Links to the newest of the events that a count counts; they open beside what is not saved yet. */
function Samples({ tally: { eventIds } }: { tally: Tally }): ReactNode {
  const to = useLinks();
  const [isOpen, setOpen] = useState(false);
  if (eventIds.length === 0) return null;
  if (!isOpen) {
    return (
      <Anchor component="button" type="button" inherit onClick={() => setOpen(true)}>
        show {eventIds.length === 1 ? 'it' : 'some'}
      </Anchor>
    );
  }
  return (
    <span className={classes['samples']}>
      {eventIds.map((id) => (
        <Anchor key={id} component={Link} to={to('events', id)} target="_blank" inherit ff="monospace">
          {id}
        </Anchor>
      ))}
    </span>
  );
}
