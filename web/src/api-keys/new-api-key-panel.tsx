import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useEnvironment, useLinks } from '../address/links.js';
import { acting } from '../api/acting.js';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useProblemForm } from '../form/problem-form.js';
import { SidePanel } from '../panel/side-panel.js';
import { useMay } from '../session/session.js';
import { CopyText } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { roles, type Role } from './roles.js';

/** A key that is not there yet; once made, it is shown this once. */
export function Component(): ReactNode {
  const to = useLinks();
  const may = useMay();
  const environment = useEnvironment();
  const [made, setMade] = useState<Schema<'MadeApiKey'>>();
  const form = useProblemForm<{ name: string; role: Role }>({
    initialValues: { name: '', role: 'publisher' },
    validate: { name: (name) => (name.trim() === '' ? 'Say who or what will use it' : null) },
  });
  const submit = form.submit(async ({ name, role }) => {
    const { organizationId } = acting();
    const forWhom = may('root') && organizationId !== undefined ? { organizationId, environment } : {};
    const key = await dataOf(api.POST('/v1/api-keys', { body: { name: name.trim(), role, ...forWhom } }));
    form.reset();
    setMade(key);
    await queryClient.invalidateQueries({ queryKey: keyOf('api-keys') });
    await queryClient.invalidateQueries({ queryKey: keyOf('audit') });
  });
  if (made) return <Made made={made} again={() => setMade(undefined)} />;
  return (
    <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
      <SidePanel
        title="New API key"
        closeTo={to('api-keys')}
        isDirty={form.isDirty()}
        footer={
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting}>
              Make key
            </Button>
          </Group>
        }
      >
        <Stack gap="lg">
          {form.problem ? <ProblemNotice error={form.problem} /> : null}
          <TextInput
            label="Name"
            description="Who or what uses it: it stands beside all that is done with it."
            placeholder="Order service"
            required
            maxLength={200}
            {...form.getInputProps('name')}
          />
          <Radio.Group label="Role" {...form.getInputProps('role')}>
            <Stack gap="sm" mt={6}>
              {Object.entries(roles).map(([role, description]) => (
                <Radio key={role} value={role} label={role} description={description} />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="sm" c="dimmed">
            It works in {environment} alone.
          </Text>
        </Stack>
      </SidePanel>
    </form>
  );
}

function Made({ made, again }: { made: Schema<'MadeApiKey'>; again: () => void }): ReactNode {
  const to = useLinks();
  return (
    <SidePanel
      title={made.name}
      closeTo={to('api-keys')}
      footer={
        <Group justify="flex-end">
          <Button variant="default" onClick={again}>
            Make another
          </Button>
          <Button component={Link} to={to('api-keys')}>
            I have it
          </Button>
        </Group>
      }
    >
      <Stack gap="md">
        <Alert
          variant="light"
          color="yellow"
          role="status"
          icon={<IconKey size={20} aria-hidden />}
          title={
            <Text span inherit c="var(--mantine-color-text)">
              Copy it now
            </Text>
          }
        >
          It is shown this once. Postrider keeps only a hash of it: what is lost is revoked and made anew.
        </Alert>
        <CopyText text={made.key} what="Key" />
        <Text size="sm" c="dimmed">
          Role {made.role}. Send it with each call: <code>Authorization: Bearer {'<key>'}</code>
        </Text>
      </Stack>
    </SidePanel>
  );
}
