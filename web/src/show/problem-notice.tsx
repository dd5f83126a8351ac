import { Alert, Anchor, Button, Group, List, Text, type AlertProps } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { problemIn, type Problem } from '../api/problem.js';

/** What to do about a problem, where its detail alone does not say. */
const advice: Partial<Record<Problem['code'], string>> = {
  unauthorized: 'Sign in again with a key that exists.',
  forbidden: 'Ask an admin of this organization, or sign in with a key whose role allows it.',
  precondition_failed: 'Somebody changed it meanwhile: load it again, then repeat your change.',
  internal_error: 'Try again; if it stays, give the operator the reference below.',
  unavailable: 'Postrider tries to reach it again by itself; try again in a few seconds.',
  invalid: 'Mend what is listed, then try again.',
};

/** What went wrong and what to do next, for anything that was thrown. `retry` offers to try again. */
export function ProblemNotice({
  error,
  retry,
  ...props
}: { error: unknown; retry?: () => void } & Omit<AlertProps, 'title'>): React.ReactNode {
  const problem = problemIn(error);
  const next = advice[problem.code];
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle size={20} aria-hidden />}
      title={problem.title}
      {...props}
    >
      <Text size="sm">{problem.detail}</Text>
      {problem.errors.length > 1 ? (
        <List size="sm" mt={6}>
          {problem.errors.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {path === '' ? '' : `${path}: `}
              {message}
            </List.Item>
          ))}
        </List>
      ) : null}
      {next === undefined ? null : (
        <Text size="sm" mt={6}>
          {next}
        </Text>
      )}
      {problem.instance === undefined ? null : (
        <Text size="xs" mt={6} ff="monospace">
          {problem.instance}
        </Text>
      )}
      <Group gap="sm" mt={retry ? 'sm' : 6}>
        {retry ? (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        ) : null}
        {['unknown', 'unreachable'].includes(problem.code) ? null : (
          <Anchor size="xs" href={`/docs/errors#${problem.code}`} target="_blank">
            What {problem.code} means
          </Anchor>
        )}
      </Group>
    </Alert>
  );
}
