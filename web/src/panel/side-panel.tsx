import { CloseButton, Group, Title } from '@mantine/core';
import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import classes from './panel.module.css';
import { useUnsavedGuard } from './unsaved-guard.js';

/**
 * What the address names, beside its table. Esc and the cross lead to `closeTo`, which keeps the table's search and sort.
 * With `isDirty`, leaving asks first, however one leaves. `footer` stays in sight: the buttons of a form.
 */
export function SidePanel({
  title,
  closeTo,
  isDirty = false,
  footer,
  children,
}: {
  title: string;
  closeTo: string;
  isDirty?: boolean;
  footer?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const panel = useRef<HTMLElement>(null);
  const navigate = useNavigate();
  const { search } = useLocation();
  useUnsavedGuard(isDirty);
  // Before it is seen, so that the first key is its own.
  useLayoutEffect(() => panel.current?.focus(), []);
  const close = (): void => void navigate(closeTo + search);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc anywhere within closes it
    <section
      ref={panel}
      className={classes['panel']}
      aria-label={title}
      tabIndex={-1}
      onKeyDown={(event) => {
        // A list that is open, or a dialog, closes by itself first.
        const { target, currentTarget } = event;
        const isOwn = target instanceof Element && currentTarget.contains(target);
        if (event.key !== 'Escape' || event.defaultPrevented || !isOwn) return;
        if (target.getAttribute('aria-expanded') !== 'true') close();
      }}
    >
      <Group justify="space-between" wrap="nowrap" className={classes['top'] ?? ''}>
        <Title order={2} fz={18} lineClamp={1}>
          {title}
        </Title>
        <CloseButton aria-label="Close" onClick={close} />
      </Group>
      <div className={classes['content']}>{children}</div>
      {footer === undefined ? null : <div className={classes['footer']}>{footer}</div>}
    </section>
  );
}
