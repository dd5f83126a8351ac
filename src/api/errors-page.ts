import { Router } from 'express';
import { attemptErrorCodes, problemCodes } from '../errors/codes.js';

/** At `/docs/errors`, where the `type` of each problem document leads: every code, what it means and what to do. */
export function errorsPage(): Router {
  const router = Router();
  router.get('/docs/errors', (_request, response) => {
    response.type('html').send(page);
  });
  return router;
}

const problemRows = Object.entries(problemCodes).map(
  ([code, { status, title, advice }]) =>
    `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${text(advice)}</td></tr>`,
);
const attemptRows = Object.entries(attemptErrorCodes).map(
  ([code, { title, advice }]) =>
    `<tr id="attempt-${code}"><td><code>${code}</code></td><td>${title}</td><td>${text(advice)}</td></tr>`,
);

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Postrider: errors</title>
    <link rel="icon" href="/docs/assets/favicon-32x32.png" />
  </head>
  <body>
    <main>
      <h1>Errors</h1>
      <p>A call that is not done is answered with a problem document (RFC 9457). Its <code>code</code> is one of these.</p>
      <table>
        <thead><tr><th>code</th><th>status</th><th>meaning</th><th>what to do</th></tr></thead>
        <tbody>${problemRows.join('')}</tbody>
      </table>
      <h2>Attempts</h2>
      <p>An attempt that failed has one of these as its <code>errorCode</code>.</p>
      <table>
        <thead><tr><th>errorCode</th><th>meaning</th><th>what to do</th></tr></thead>
        <tbody>${attemptRows.join('')}</tbody>
      </table>
    </main>
  </body>
</html>
`;

function text(markdown: string): string {
  const escaped = markdown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return escaped.replace(/`([^`]*)`/g, '<code>$1</code>');
}
