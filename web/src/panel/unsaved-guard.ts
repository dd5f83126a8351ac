import { useEffect } from 'react';
import { NavigationType, useBlocker } from 'react-router';
import { confirm } from '../shell/dialogs.js';

/** For `navigate(to, afterSave)`: what was saved is not asked about, though the view may not have heard of it yet. */
export const afterSave = { state: { saved: true } } as const;

/** Asks before one leaves a view with changes that are not saved: by a link, Back, a reload or closing the tab. */
export function useUnsavedGuard(isDirty: boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation, historyAction }) =>
      isDirty &&
      currentLocation.pathname !== nextLocation.pathname &&
      (historyAction === NavigationType.Pop || nextLocation.state !== afterSave.state),
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    void confirm({
      title: 'Leave without saving?',
      detail: 'What you changed here is not saved.',
      confirm: 'Leave',
      cancel: 'Stay',
    }).then((leave) => (leave ? blocker.proceed() : blocker.reset()));
  }, [blocker]);
  useEffect(() => {
    if (!isDirty) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
}
