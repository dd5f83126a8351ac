import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { NotFound } from './shell/not-found.js';
import { PageError } from './shell/page-error.js';
import { Shell } from './shell/shell.js';
import { Start } from './session/start.js';

/**
 * The screens of an environment, each loaded when it is first shown. A screen's own views are its children, shown in its
 * `<Outlet>`: a table with a panel beside it, mostly.
 */
const screens: RouteObject[] = [
  { index: true, element: <Navigate to="overview" replace /> },
  { path: 'overview', lazy: async () => import('./overview/overview-page.js') },
  {
    path: 'webhooks',
    lazy: async () => import('./webhooks/webhooks-page.js'),
    children: [{ path: ':id', lazy: async () => import('./webhooks/webhook-panel.js') }],
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
