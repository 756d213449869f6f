// Loaded before everything else with `node --import ./src/telemetry.ts`, so that the libraries are
// instrumented when the service imports them. Names, exporter and endpoint come from the OTEL_* variables.
import { register } from 'node:module';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation(),
    // Mounted routers would add one span of no duration per mount and request.
    new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.ROUTER] }),
  ],
});
sdk.start();

process.once('SIGTERM', () => {
  // Requests in flight end first; what they recorded still has to be exported.
  process.once('beforeExit', () => void sdk.shutdown());
});
