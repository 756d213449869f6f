import { readFileSync } from 'node:fs';
import * as canvas from '../../canvas/src/index.ts';
import * as library from '../../library/src/index.ts';
import * as report from '../../report/src/index.ts';
import { createConductor, type Sequence } from './conductor.ts';

const conductor = createConductor((text) => console.log(`EventBus.ts:56 ${new Date().toISOString()} ${text}`));

function mount(file: string, handlers: unknown): void {
  const json = JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
  const movements = json.movements.map((movement: { name: string; beats: { event: string; handler: string | { name: string } }[] }) => ({
    name: movement.name,
    beats: movement.beats.map(({ event, handler }) => ({ event, handler: typeof handler === 'string' ? handler : handler.name })),
  }));
  const sequence: Sequence = { pluginId: json.pluginId, id: json.id ?? json.sequenceId, name: json.name, movements };
  conductor.mount(sequence, handlers as Parameters<typeof conductor.mount>[1]);
}

mount('library/json-sequences/library/load.json', library.handlers);
mount('canvas/json-sequences/create.json', canvas.handlers);
mount('canvas/json-sequences/refresh.json', canvas.handlers);
mount('report/json-sequences/report.json', report);

for (const type of ['button', 'text', 'sprocket', 'button', 'text', 'button']) {
  await conductor.play('library-load-symphony', {});
  await conductor.settled();
  await conductor.play('canvas-create-symphony', { type });
  await conductor.play('report-write-symphony', { node: type });
  await conductor.settled();
}
