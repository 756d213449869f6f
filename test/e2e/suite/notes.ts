import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { channelVariable, type SuiteEvent } from '../protocol.ts';

/** Has the process outside print what was measured. */
export function note(text: string): void {
  const event: SuiteEvent = { type: 'note', text };
  appendFileSync(join(process.env[channelVariable] ?? '.', 'events.ndjson'), `${JSON.stringify(event)}\n`);
}
