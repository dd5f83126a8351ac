import { Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { environmentOf } from '../api/acting.js';
import { useProblemForm } from '../form/problem-form.js';
import { Logo } from '../shell/logo.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { accessTo, environmentsOf, signIn } from './session.js';

/** Signing in with a key; `?to=` is where it leads back to. */
export function Component(): React.ReactNode {
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const to = parameters.get('to') ?? '';
  const wanted = environmentOf(to);
  const form = useProblemForm({ initialValues: { key: '' } });
  useEffect(() => {
    document.title = 'Sign in · Postrider';
  }, []);
  const submit = form.submit(async ({ key }) => {
    if (key.trim() === '') {
      form.setFieldError('key', 'Paste a key');
      return;
    }
    const accesses = await signIn(key);
    const [first = 'sandbox'] = environmentsOf(accesses);
    const back = wanted !== undefined && accessTo(wanted, accesses) !== undefined;
    await navigate(back ? to : `/${first}`, { replace: true });
  });
  return (
    <Center component="main" mih="100%" p="md">
      <Paper withBorder shadow="sm" radius="lg" p={{ base: 'lg', sm: 36 }} w="100%" maw={440}>
        <form onSubmit={submit} noValidate>
          <Stack gap="lg">
            <Logo size={40} />
            <div>
              <Title order={1} fz={24}>
                Sign in to Postrider
              </Title>
              <Text c="dimmed" mt={6}>
                {wanted === undefined
                  ? 'With a key of the environment that you want to work in.'
                  : `With a key of ${wanted}, to go on there.`}
              </Text>
            </div>
            {form.problem ? <ProblemNotice error={form.problem} /> : null}
            <PasswordInput
              label="API key"
              size="md"
              autoFocus
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('key')}
            />
            <Button type="submit" size="md" fullWidth loading={form.submitting}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              Where to find one: <Code>npm start</Code> prints a key for each environment when Postrider
              starts; an admin can make more under “API keys”. It is kept out of reach of scripts, and
              forgotten when you sign out.
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
