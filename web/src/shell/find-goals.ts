import { IconBolt, IconDownload, IconKey, IconPlus, type Icon } from '@tabler/icons-react';
import type { Permission } from '../session/session.js';
import { navigation } from './navigation.js';

/** Where one can go without searching: a screen, or where something is done. */
export interface Goal {
  label: string;
  icon: Icon;
  /** Beneath the environment. */
  path: string;
  needs: Permission;
  /** Other words that one may type for it. */
  words?: string;
}

const actions: readonly Goal[] = [
  { label: 'New webhook', icon: IconPlus, path: 'webhooks/new', needs: 'configure', words: 'register make' },
  { label: 'Publish an event', icon: IconBolt, path: 'event-types', needs: 'publish', words: 'send' },
  {
    label: 'New subscription',
    icon: IconPlus,
    path: 'subscriptions/new',
    needs: 'configure',
    words: 'subscribe',
  },
  { label: 'New event type', icon: IconPlus, path: 'event-types/new', needs: 'configure' },
  {
    label: 'Import event types',
    icon: IconDownload,
    path: 'event-types/import',
    needs: 'configure',
    words: 'catalogue',
  },
  { label: 'New external system', icon: IconPlus, path: 'external-systems/new', needs: 'configure' },
  { label: 'New API key', icon: IconKey, path: 'api-keys/new', needs: 'keys' },
];

const goals: readonly Goal[] = [...navigation.flatMap(({ destinations }) => destinations), ...actions];

/** The goals whose label has each word of a text, or a part of one; all of them for no text. */
export function goalsFor(text: string, may: (permission: Permission) => boolean): readonly Goal[] {
  const wanted = text.trim().toLowerCase().split(/\s+/);
  return goals.filter(({ label, words = '', needs }) => {
    const about = `${label} ${words}`.toLowerCase();
    return may(needs) && wanted.every((word) => about.includes(word));
  });
}
