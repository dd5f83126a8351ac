import {
  Alert,
  Button,
  Checkbox,
  Group,
  Loader,
  Modal,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useEnvironment, useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { newKey } from './new-key.js';
import { replayKey } from './replay-steering.js';

export type ReplayFilter = NonNullable<Schema<'NewReplay'>['filter']>;

const usualRate = 50;

/** Counts what a replay would send, and makes it once that is confirmed: in production by typing how many. */
export default function ReplayDialog({
  filter,
  onClose,
  onMade,
}: {
  filter: ReplayFilter;
  onClose: () => void;
  onMade: () => void;
}): ReactNode {
  const to = useLinks();
  const navigate = useNavigate();
  const environment = useEnvironment();
  const [rate, setRate] = useState<number>(usualRate);
  const [rerender, setRerender] = useState(false);
  const [typed, setTyped] = useState('');
  const counted = useQuery({
    queryKey: keyOf('replays', 'count', filter),
    queryFn: async ({ signal }) =>
      (await dataOf(api.POST('/v1/replays', { body: { filter, dryRun: true }, signal }))) as Schema<'DryRun'>,
    staleTime: 0,
    gcTime: 0,
  });
  // A click that is repeated, and a call whose answer was lost, make one replay.
  const idempotencyKey = useMemo(() => newKey([filter, rate, rerender]), [filter, rate, rerender]);
  const make = useMutation({
    mutationFn: async () =>
      (await dataOf(
        api.POST('/v1/replays', { body: { filter, rate, rerender, idempotencyKey } }),
      )) as Schema<'Replay'>,
    onSuccess: async (replay) => {
      queryClient.setQueryData(replayKey(replay.id), replay);
      onMade();
      await navigate(to('replays', replay.id));
    },
  });
  const count = counted.data?.count ?? 0;
  const isProduction = environment === 'production';
  const isConfirmed = !isProduction || typed.trim() === String(count);
  return (
    // Without its own header, which would be a second banner of the page.
    <Modal opened onClose={onClose} withCloseButton={false} transitionProps={{ duration: 0 }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (count > 0 && isConfirmed) make.mutate();
        }}
      >
        <Stack>
          <Modal.Title component="h2" fw={650} fz={18}>
            Replay deliveries
          </Modal.Title>
          <Counted counted={counted.data} isPicked={filter.deliveryIds !== undefined} />
          {counted.isPending ? <Loader size="sm" aria-label="Counting" /> : null}
          {counted.error ? (
            <ProblemNotice error={counted.error} retry={() => void counted.refetch()} />
          ) : null}
          <NumberInput
            label="At most, a second"
            description="What the receiver can take. Nothing new has to wait for a replay."
            min={1}
            max={1_000}
            allowDecimal={false}
            clampBehavior="strict"
            value={rate}
            onChange={(value) => setRate(Number(value) || usualRate)}
          />
          <Checkbox
            label="Render the bodies again, with the templates as they are now"
            checked={rerender}
            onChange={(event) => setRerender(event.currentTarget.checked)}
          />
          {isProduction && count > 0 ? (
            <Alert color="red" icon={<IconAlertTriangle size={20} aria-hidden />} title="This is production">
              <TextInput
                label={`Real receivers get these events again. Type ${count} to go on.`}
                value={typed}
                inputMode="numeric"
                autoComplete="off"
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            </Alert>
          ) : null}
          {make.error ? <ProblemNotice error={make.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={count === 0 || !isConfirmed} loading={make.isPending}>
              {count === 0 ? 'Replay' : `Replay ${count.toLocaleString()}`}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Counted({
  counted,
  isPicked,
}: {
  counted: Schema<'DryRun'> | undefined;
  isPicked: boolean;
}): ReactNode {
  if (!counted) return null;
  const { count, countComplete, skipped } = counted;
  const deliveries = count === 1 ? 'delivery' : 'deliveries';
  return (
    <div>
      <Text>
        <b>
          {countComplete ? '' : 'At least '}
          {count.toLocaleString()} {deliveries}
        </b>{' '}
        would be sent again.
      </Text>
      {skipped > 0 ? (
        <Text size="sm" c="dimmed" mt={4}>
          {skipped.toLocaleString()} would be left out: their webhook is off or deleted
          {isPicked ? ', or they are not over yet' : ''}.
        </Text>
      ) : null}
    </div>
  );
}
