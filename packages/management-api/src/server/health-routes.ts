import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What answers `/healthz`, `/readyz` and `/metrics`; the gateway knows what health is, and who may ask. */
export interface HealthHandlers {
  readonly healthz: RequestListener;
  readonly readyz: RequestListener;
  readonly metrics?: RequestListener | undefined;
}

/** Without tokens of the API, and without events: a probe asks every few seconds. */
export function registerHealthRoutes(app: FastifyInstance, health: HealthHandlers): void {
  const routes = [
    ['/healthz', health.healthz],
    ['/readyz', health.readyz],
    ...(health.metrics === undefined ? [] : [['/metrics', health.metrics] as const]),
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
