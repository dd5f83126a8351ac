import compression from 'compression';
import express, { Router, type Response } from 'express';
import helmet from 'helmet';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The console as `npm run build` makes it: beside this file's own build, and for the sources too. */
const built = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** The addresses of the console: each is the same page, whose script shows what the address names. */
const pages = /^\/(?:(?:sign-in|sandbox|production)(?:\/.*)?)?$/;

/**
 * What the console may load: its own files. Styles may be inline, because its components and its editor make style
 * elements; a script never.
 */
const policy = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
});

const notBuilt = `The console is not built: run "npm run build" and start Postrider again. The API is at /v1, its pages at /docs.\n`;

/** Serves the console: its page at its own addresses, and the files that the page loads. */
export function consoleRouter(folder = built): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  const compress = compression();
  router.use('/assets', compress, policy, express.static(join(folder, 'assets'), assetOptions));
  router.get('/favicon.svg', policy, (_request, response) => {
    response.sendFile(join(folder, 'favicon.svg'));
  });
  router.get(pages, compress, policy, (_request, response) => {
    response.set('cache-control', 'no-cache');
    if (existsSync(page)) response.sendFile(page, { cacheControl: false });
    else response.status(503).type('text/plain').send(notBuilt);
  });
  return router;
}

/** A file's name holds the hash of what is in it, so it never changes; one that is not there is a 404 like any other. */
const assetOptions = {
  index: false,
  redirect: false,
  setHeaders: (response: Response) => {
    response.set('cache-control', 'public, max-age=31536000, immutable');
  },
};
