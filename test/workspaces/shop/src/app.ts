import express, { type Express } from 'express';
import { answerError, rejectUnknownPath } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { createApiRouter } from './routes/api.ts';
import type { Services } from './services.ts';

export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  app.locals['services'] = services;

  app.get('/health', (_request, response) => {
    response.json({ status: 'ok', uptimeSeconds: Math.round(process.uptime()), time: services.clock.now() });
  });

  app.use(requestId);
  app.use('/api', createApiRouter(services));
  app.use(rejectUnknownPath);
  app.use(answerError);
  return app;
}
