import { focusManager, type QueryKey } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { keyOf, queryClient } from '../api/queries.js';
import { afterSave } from './unsaved-guard.js';

/** What is deleted from its own view. */
export interface Deletion {
  /** The call that deletes it. Where it throws, the view stays. */
  call: () => Promise<unknown>;
  /** The address that leads away from its view; the search of the present one is kept. */
  leaveTo: string;
  /** What is read of it alone, as queries are named below `keyOf`: never asked for again. */
  itself: readonly QueryKey[];
  /** Which lists tell of it among others: read anew. */
  lists: readonly string[];
}

/**
 * Deletes what is shown, and leaves its view, which never asks for what is gone: that would be a 404. As long as the view is
 * there nothing is read by itself, neither by an interval nor because the page is looked at again, and it has gone from the
 * page, not only from the address, before the lists are read anew.
 */
export function useDeletion(): (deletion: Deletion) => Promise<void> {
  const navigate = useNavigate();
  const { search } = useLocation();
  return async ({ call, leaveTo, itself, lists }) => {
    const keys = itself.map((parts) => keyOf(...parts));
    focusManager.setFocused(false);
    try {
      await Promise.all(keys.map(async (queryKey) => queryClient.cancelQueries({ queryKey })));
      await call();
      await navigate(leaveTo + search, { ...afterSave, flushSync: true });
      for (const queryKey of keys) queryClient.removeQueries({ queryKey });
    } finally {
      focusManager.setFocused(undefined);
    }
    await Promise.all(lists.map(async (list) => queryClient.invalidateQueries({ queryKey: keyOf(list) })));
  };
}
