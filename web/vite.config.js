import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The console: built into `dist/web`, from where the API serves it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The first browsers that know light-dark() of CSS: it is kept as it is.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Nothing inline: the page's policy lets no data: script or style in.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // The libraries mark what a server must not render; nothing here is rendered on one.
      onLog(level, log, report) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
