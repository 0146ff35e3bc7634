import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What answers `/healthz` and `/readyz`; the gateway knows what health is. */
export interface HealthHandlers {
  readonly healthz: RequestListener;
  readonly readyz: RequestListener;
}

/** Open to everybody, and without events: a probe asks every few seconds. */
export function registerHealthRoutes(app: FastifyInstance, health: HealthHandlers): void {
  const routes = [
    ['/healthz', health.healthz],
    ['/readyz', health.readyz],
  ] as const;
  for (const [url, listener] of routes) {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      schema: { hide: true },
      handler: (request, reply) => {
        reply.hijack();
        listener(request.raw, reply.raw);
      },
    });
  }
}
