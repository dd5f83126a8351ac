import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './overview.module.css';

/** One part of the overview, with its heading. */
export function Card({
  title,
  note,
  children,
}: {
  title: string;
  note?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <section className={classes['card']} aria-label={title}>
      <div className={classes['cardHead']}>
        <Title order={2} fz={15}>
          {title}
        </Title>
        {note}
      </div>
      {children}
    </section>
  );
}
