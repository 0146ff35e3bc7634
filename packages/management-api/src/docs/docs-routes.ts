import type { FastifyInstance } from 'fastify';
import { docsPage } from './docs-page.ts';

/** Nothing may be loaded or run: the page is text. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json`, and `/docs` for people; open to everybody, since they tell nothing of the instance. */
export function registerDocs(app: FastifyInstance): void {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    reply.type('application/json').serializer(JSON.stringify);
    return await reply.send(app.swagger());
  });
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('referrer-policy', 'no-referrer')
      .serializer(String);
    return await reply.send(docsPage(app.swagger()));
  });
}
