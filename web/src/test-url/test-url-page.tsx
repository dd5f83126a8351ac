import { Button, Loader, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconFlask, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import { useMay } from '../session/session.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { timeText } from '../show/time.js';
import { TestUrl } from './test-url.js';

/** Test URLs, for those who have no receiver yet: the one that the address names, else the newest. */
export function Component(): ReactNode {
  const to = useLinks();
  const may = useMay();
  const { id } = useParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('sources', 'test'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(
          api.GET('/v1/sources', { params: { query: { kind: 'test', limit: 200, ...cursor } }, signal }),
        ),
      ),
  });
  const make = useMutation({
    mutationFn: async () => dataOf(api.POST('/v1/sources', { body: { kind: 'test', name: 'Test URL' } })),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: keyOf('sources') });
      await navigate(to('test-url', made.id));
    },
  });
  const button = (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      loading={make.isPending}
      onClick={() => make.mutate()}
    >
      Make a test URL
    </Button>
  );
  const shown = data?.find((source) => source.id === id) ?? data?.[0];
  return (
    <Screen title="Test URL" {...(may('configure') && shown ? { actions: button } : {})}>
      {make.error ? <ProblemNotice error={make.error} mb="md" /> : null}
      {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loader size="sm" /> : null}
      {data && data.length > 1 && shown ? (
        <Select
          aria-label="Which test URL"
          w={{ base: '100%', sm: 320 }}
          mb="md"
          allowDeselect={false}
          data={data.map((source) => ({
            value: source.id,
            label: `${source.name ?? 'Test URL'}, made ${timeText(source.createdAt)}`,
          }))}
          value={shown.id}
          onChange={(next) => void navigate(to('test-url', next ?? ''))}
        />
      ) : null}
      {shown ? <TestUrl key={shown.id} source={shown} /> : null}
      {data?.length === 0 ? (
        <EmptyState
          icon={IconFlask}
          title="No receiver yet? Make a test URL"
          {...(may('configure') ? { action: button } : {})}
        >
          It records whatever is sent to it, and shows it here as it arrives. It lives for 7 days.
        </EmptyState>
      ) : null}
    </Screen>
  );
}
