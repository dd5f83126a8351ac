import { Group, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './screen.module.css';

/**
 * A screen: its title, which is the page's too, what stands beside it (`actions`: buttons), and its content, which fills
 * what is left of the height and scrolls by itself.
 */
export function Screen({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${title} · Postrider`;
  }, [title]);
  return (
    <div className={classes['screen']}>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1} fz={24}>
          {title}
        </Title>
        <Group gap="sm">{actions}</Group>
      </Group>
      {children}
    </div>
  );
}
