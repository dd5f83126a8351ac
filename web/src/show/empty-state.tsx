import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** In the place of what is not there yet: what it would be, and what to do first. `action` is the button that does it. */
export function EmptyState({
  icon: Picture,
  title,
  children,
  action,
}: {
  icon: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <Stack align="center" gap="sm" py={72} px="lg" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light">
        <Picture size={28} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={2} fz={18} mt="xs">
        {title}
      </Title>
      {children === undefined ? null : (
        <Text c="dimmed" maw={460}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
