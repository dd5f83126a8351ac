import { createTheme, type CSSVariablesResolver } from '@mantine/core';

/** The look of the console: calm greys, one blue. Text keeps a contrast of 4.5 to its ground (WCAG 2.2, 1.4.3). */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  // The library's own titles are too pale for their ground.
  components: { Alert: { styles: { label: { color: 'var(--mantine-color-text)' } } } },
});

/** Where the library's greys are too faint to read. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6270',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#c92a2a',
    '--ground': '#f7f8fa',
    '--line': '#e3e6ec',
    '--row-hover': '#f4f6fb',
    '--row-chosen': '#e9eefc',
  },
  dark: {
    '--mantine-color-dimmed': '#a8aebb',
    '--mantine-color-placeholder': '#9097a3',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-body': '#14171c',
    '--ground': '#0f1115',
    '--line': '#2a2f38',
    '--row-hover': '#1b1f27',
    '--row-chosen': '#202a45',
  },
});
