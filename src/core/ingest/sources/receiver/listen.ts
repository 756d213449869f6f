import { lookup } from 'node:dns/promises';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HumanError } from '../../../model/human-error.ts';

/** Where a receiver says who it is. */
export const whoPath = '/suture';

/** What a receiver says of itself. */
export interface Who {
  readonly suture: true;
  /** Name of the workspace folder that it receives for. */
  readonly folder: string;
  readonly pid: number;
}

const probeMs = 1000;

/**
 * Lets servers listen on loopback alone: on 127.0.0.1 and, since `localhost` may mean it, on ::1 where there is one. Gives
 * the servers with their addresses as `host:port`; 0 takes any free port. Throws a HumanError that says who has the port.
 */
export async function listenOnLoopback(
  create: () => Server,
  port: number,
): Promise<readonly { readonly server: Server; readonly address: string }[]> {
  const first = create();
  await listen(first, '127.0.0.1', port).catch((error: unknown) => explain(error, port, '127.0.0.1'));
  const taken = (first.address() as AddressInfo).port;
  const second = create();
  const servers = [{ server: first, address: `127.0.0.1:${taken}` }];
  try {
    await listen(second, '::1', taken);
    return [...servers, { server: second, address: `[::1]:${taken}` }];
  } catch (error) {
    // No IPv6 here, or a stranger on an address that nobody means: what is sent to localhost still arrives.
    if (codeOf(error) !== 'EADDRINUSE' || !(await localhostMeans('::1'))) return servers;
    first.close();
    return await explain(error, taken, '::1');
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function localhostMeans(address: string): Promise<boolean> {
  const found = await lookup('localhost', { all: true }).catch(() => []);
  return found.some((one) => one.address === address);
}

async function explain(error: unknown, port: number, host: string): Promise<never> {
  const code = codeOf(error);
  if (code === 'EACCES')
    throw new HumanError(`Port ${port} needs rights that Suture does not have. Choose one above 1023.`);
  if (code !== 'EADDRINUSE')
    throw new HumanError(`Suture cannot listen on ${host}:${port} (${code}). Choose another port.`);
  const who = await askWho(host, port);
  const by =
    who === undefined
      ? 'another program, perhaps an OpenTelemetry Collector: stop that'
      : `another Suture, which receives for "${who.folder}" (process ${who.pid}): stop receiving there`;
  throw new HumanError(
    `Port ${port} is already used by ${by}, or choose another port here and set OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:<port> where your service starts.`,
  );
}

/** Undefined where no receiver of Suture answers. */
export function askWho(host: string, port: number): Promise<Who | undefined> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path: whoPath, timeout: probeMs, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > 4096) asking.destroy();
      });
      response.on('end', () => resolve(parseWho(text)));
    });
    // A program that takes the connection and says nothing must not hold up the answer either.
    const timer = setTimeout(() => asking.destroy(), probeMs);
    asking.on('error', () => resolve(undefined));
    asking.on('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    asking.end();
  });
}

function parseWho(text: string): Who | undefined {
  try {
    const { suture, folder, pid } = JSON.parse(text) as Partial<Record<keyof Who, unknown>>;
    if (suture !== true || typeof folder !== 'string' || typeof pid !== 'number') return undefined;
    return { suture, folder: folder.replace(/[^\p{L}\p{N} ._-]/gu, '?').slice(0, 100), pid };
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
