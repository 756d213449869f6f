import path from 'node:path';
import { defaultPort } from '../../core/engine/receiving.ts';
import { HumanError } from '../../core/model/human-error.ts';
import type { ReceiverStatus } from '../../core/model/status.ts';
import type { Command } from '../command.ts';
import type { CommandLine } from '../options.ts';
import { figuresOf } from './metrics.ts';

/** Pause between two lines about what came in (ms). */
const tellEveryMs = 2000;

/** Receives telemetry until Ctrl-C, then says what it measured. */
export const serve: Command = {
  id: 'serve',
  summary: 'Receive OTLP/HTTP on 127.0.0.1 until Ctrl-C, then print the figures',
  flags: {
    port: { type: 'string', help: `port on loopback (default: ${defaultPort}; 0: any that is free)` },
    spool: { type: 'string', help: 'keep what is received in this folder (default: a temporary one)' },
  },
  positionals: [],
  readsTelemetry: ({ common }) => common.telemetry !== undefined,
  receives(line) {
    const spool = textOf(line, 'spool');
    portOf(line);
    return spool === undefined ? {} : { spool: path.resolve(spool) };
  },
  async run(engine, line, { note, stopped }) {
    const { addresses } = await engine.receiving.start({ port: portOf(line) });
    note(`Receiving OTLP/HTTP on ${addresses.map((address) => `http://${address}`).join(' and ')}`);
    note(
      'Services with the stock OpenTelemetry SDK send here by themselves. Ctrl-C ends and prints figures.',
    );
    let told = sentence(engine.receiving.status());
    const timer = setInterval(() => {
      const now = sentence(engine.receiving.status());
      if (now !== told) note(now);
      told = now;
    }, tellEveryMs);
    await stopped;
    clearInterval(timer);
    const receiver = await engine.receiving.stop();
    await engine.catchUp();
    const { data, text } = figuresOf(engine);
    return {
      data: { receiver, ...data },
      text: `${receiver === null ? '' : `${sentence(receiver)}\n\n`}${text}`,
      problems: engine.doctor().problems,
      findings: false,
    };
  },
};

/** What came in, in one line. */
function sentence(status: ReceiverStatus | null): string {
  if (status === null) return '';
  const { requests, spans, rejected, metricRequests, refused } = status;
  const reasons = Object.entries(refused).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${requests} requests taken, ${spans} spans`,
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ...(metricRequests > 0 ? [`${metricRequests} requests of metrics dropped`] : []),
    ...(reasons.length > 0 ? [`refused: ${reasons.join(', ')}`] : []),
  ].join('; ');
}

function textOf({ flags }: CommandLine, name: string): string | undefined {
  const value = flags[name];
  if (value === '') throw new HumanError(`--${name} needs a value.`);
  return typeof value === 'string' ? value : undefined;
}

function portOf(line: CommandLine): number {
  const text = textOf(line, 'port');
  if (text === undefined) return defaultPort;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new HumanError(`--port: ${text} is no port; it is a number from 0 to 65535.`);
}
