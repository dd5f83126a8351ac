import { createBrowserRouter, type RouteObject } from 'react-router';
import { FirstScreen } from './shell/first-screen.js';
import { NotFound } from './shell/not-found.js';
import { PageError } from './shell/page-error.js';
import { Shell } from './shell/shell.js';
import { Start } from './session/start.js';

/**
 * The screens of an environment, each loaded when it is first shown. A screen's own views are its children, shown in its
 * `<Outlet>`: a table with a panel beside it, mostly.
 */
const screens: RouteObject[] = [
  { index: true, element: <FirstScreen /> },
  { path: 'overview', lazy: async () => import('./overview/overview-page.js') },
  {
    path: 'webhooks',
    lazy: async () => import('./webhooks/webhooks-page.js'),
    children: [
      { path: 'new', lazy: async () => import('./webhooks/new-webhook-panel.js') },
      { path: ':id', lazy: async () => import('./webhooks/webhook-panel.js') },
    ],
  },
  { path: 'webhooks/:id/comparison', lazy: async () => import('./comparison/comparison-page.js') },
  { path: 'test-url/:id?', lazy: async () => import('./test-url/test-url-page.js') },
  {
    path: 'external-systems',
    lazy: async () => import('./external-systems/external-systems-page.js'),
    children: [
      { path: 'new', lazy: async () => import('./external-systems/new-external-system-panel.js') },
      { path: ':id', lazy: async () => import('./external-systems/external-system-panel.js') },
    ],
  },
  {
    path: 'subscriptions',
    lazy: async () => import('./subscriptions/subscriptions-page.js'),
    children: [
      { path: 'new', lazy: async () => import('./subscriptions/new-subscription-panel.js') },
      { path: ':id', lazy: async () => import('./subscriptions/subscription-panel.js') },
    ],
  },
  {
    path: 'event-types',
    lazy: async () => import('./event-types/event-types-page.js'),
    children: [
      { path: 'new', lazy: async () => import('./event-types/new-event-type-panel.js') },
      { path: 'import', lazy: async () => import('./catalogues/import-panel.js') },
      { path: ':name', lazy: async () => import('./event-types/event-type-panel.js') },
      { path: ':name/edit', lazy: async () => import('./event-types/edit-event-type-panel.js') },
      { path: ':name/publish', lazy: async () => import('./event-types/publish-panel.js') },
    ],
  },
  {
    path: 'sent',
    lazy: async () => import('./monitor/sent-page.js'),
    children: [{ path: ':id', lazy: async () => import('./deliveries/delivery-panel.js') }],
  },
  {
    path: 'received',
    lazy: async () => import('./monitor/received-page.js'),
    children: [{ path: ':id', lazy: async () => import('./monitor/received-panel.js') }],
  },
  {
    path: 'events',
    lazy: async () => import('./events/events-page.js'),
    children: [{ path: ':id', lazy: async () => import('./events/event-panel.js') }],
  },
  {
    path: 'replays',
    lazy: async () => import('./replays/replays-page.js'),
    children: [{ path: ':id', lazy: async () => import('./replays/replay-panel.js') }],
  },
  {
    path: 'sources',
    lazy: async () => import('./sources/sources-page.js'),
    children: [
      { path: 'new', lazy: async () => import('./sources/new-source-panel.js') },
      { path: ':id', lazy: async () => import('./sources/source-panel.js') },
    ],
  },
  {
    path: 'api-keys',
    lazy: async () => import('./api-keys/api-keys-page.js'),
    children: [{ path: 'new', lazy: async () => import('./api-keys/new-api-key-panel.js') }],
  },
  { path: 'changes', lazy: async () => import('./audit/changes-page.js') },
  {
    path: 'organizations',
    lazy: async () => import('./organizations/organizations-page.js'),
    children: [{ path: 'new', lazy: async () => import('./organizations/new-organization-panel.js') }],
  },
  { path: '*', element: <NotFound /> },
];

export const router = createBrowserRouter([
  { path: '/', element: <Start />, errorElement: <PageError /> },
  {
    path: '/sign-in',
    hydrateFallbackElement: <></>,
    lazy: async () => import('./session/sign-in-page.js'),
    errorElement: <PageError />,
  },
  {
    path: '/:environment',
    hydrateFallbackElement: <></>,
    element: <Shell />,
    errorElement: <PageError />,
    children: [{ errorElement: <PageError />, children: screens }],
  },
  { path: '*', element: <NotFound /> },
]);
