import {
  IconApi,
  IconArrowDownLeft,
  IconArrowUpRight,
  IconBolt,
  IconBuilding,
  IconChartHistogram,
  IconDatabase,
  IconDownload,
  IconFlask,
  IconHistory,
  IconKey,
  IconListDetails,
  IconRefresh,
  IconRoute,
  IconWebhook,
  type Icon,
} from '@tabler/icons-react';
import type { Permission } from '../session/session.js';

/** One entry of the navigation: shown to whom its permission is given. */
export interface Destination {
  path: string;
  label: string;
  icon: Icon;
  needs: Permission;
}

/** The left side, in groups; a group without a heading comes first. */
export const navigation: readonly { heading: string | null; destinations: readonly Destination[] }[] = [
  {
    heading: null,
    destinations: [{ path: 'overview', label: 'Overview', icon: IconChartHistogram, needs: 'read' }],
  },
  {
    heading: 'Outbound',
    destinations: [
      { path: 'webhooks', label: 'Webhooks', icon: IconWebhook, needs: 'read' },
      { path: 'subscriptions', label: 'Subscriptions', icon: IconRoute, needs: 'read' },
      { path: 'event-types', label: 'Event types', icon: IconListDetails, needs: 'read' },
    ],
  },
  {
    heading: 'Monitor',
    destinations: [
      { path: 'sent', label: 'Sent', icon: IconArrowUpRight, needs: 'history' },
      { path: 'received', label: 'Received', icon: IconArrowDownLeft, needs: 'read' },
      { path: 'events', label: 'Events', icon: IconBolt, needs: 'history' },
      { path: 'replays', label: 'Replays', icon: IconRefresh, needs: 'read' },
    ],
  },
  {
    heading: 'Inbound',
    destinations: [
      { path: 'test-url', label: 'Test URL', icon: IconFlask, needs: 'read' },
      { path: 'sources', label: 'Sources', icon: IconDownload, needs: 'read' },
    ],
  },
  {
    heading: 'Settings',
    destinations: [
      { path: 'external-systems', label: 'External systems', icon: IconDatabase, needs: 'read' },
      { path: 'api-keys', label: 'API keys', icon: IconKey, needs: 'keys' },
      { path: 'changes', label: 'Changes', icon: IconHistory, needs: 'configure' },
      { path: 'organizations', label: 'Organizations', icon: IconBuilding, needs: 'root' },
    ],
  },
];

/** The API's own pages, for who builds against it. */
export const apiDocs = { href: '/docs', label: 'API docs', icon: IconApi };
