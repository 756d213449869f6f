import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * Starts a service the way it runs in production and waits until it answers. `folder` may be a link: the service
 * keeps the link's name in its stack traces.
 */
export async function startService({ name, folder, release, endpoint, variables }) {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      '--preserve-symlinks',
      '--preserve-symlinks-main',
      '--import',
      pathToFileURL(join(folder, 'src/telemetry.ts')).href,
      join(folder, 'src/server.ts'),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH,
        ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
        NODE_ENV: 'production',
        PORT: String(port),
        OTEL_SERVICE_NAME: name,
        OTEL_RESOURCE_ATTRIBUTES: `service.version=${release},deployment.environment.name=production`,
        OTEL_NODE_RESOURCE_DETECTORS: 'env,serviceinstance',
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        // The spans of a trace stay close together, which packs a tenth smaller.
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '24',
        // Small batches leave slowly: under a rush nothing may be dropped meanwhile.
        OTEL_BSP_MAX_QUEUE_SIZE: '32768',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        ...variables,
      },
    },
  );
  let complaints = '';
  child.stderr.on('data', (chunk) => (complaints += chunk));
  const url = `http://127.0.0.1:${port}`;
  await untilListening(child, port, () => `${name} did not start:\n${complaints}`);
  return {
    url,
    complaints: () => complaints,
    /** Asks it to end and waits until its last spans are exported. */
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(impatient);
    },
  };
}

/** Looks only whether the port is open: a request would end up in the recording. */
async function untilListening(child, port, explain) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(explain());
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await delay(100);
  }
  child.kill('SIGKILL');
  throw new Error(explain());
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
