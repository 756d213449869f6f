import type { FormatExample } from '../../format.ts';
import { attributesOf } from './spans.ts';

const t = (ms: number): string => `EventBus.ts:56 2026-01-05T10:00:0${(ms / 1000).toFixed(3)}Z`;

/** A handler that reports long after its beat, and one whose exception its beat does not notice. */
const input = `[LOG] Plugin mounted successfully: ShelfPlugin
${t(0)} 📡 EventBus: Subscribed to "shelf:items:load" (1 total subscribers) (plugin: ShelfPlugin:shelf-load)
${t(0)} 📡 EventBus: Subscribed to "shelf:items:show" (1 total subscribers) (plugin: ShelfPlugin:shelf-load)
${t(1000)} 🎼 PluginInterfaceFacade.play(): ShelfPlugin -> shelf-load
${t(1000)} 🎼 ExecutionQueue: Now executing "Shelf Load"
PerformanceTracker.ts:95 Started timing movement Load for Shelf Load
${t(1001)} 🆔 Request ID: shelf-load-1767607201000-a1b2c3
${t(1002)} ⏱️ PerformanceTracker: Started timing beat 1 for Shelf Load
${t(1002)} 🎯 Event: shelf:items:load
${t(1010)} ⏱️ PerformanceTracker: Beat 1 completed in 8.25ms
${t(1010)} ✅ BeatExecutor: Beat 1 (shelf:items:load) completed in 8ms
${t(1011)} ⏱️ PerformanceTracker: Started timing beat 2 for Shelf Load
${t(1011)} 🎯 Event: shelf:items:show
${t(1020)} ⏱️ PerformanceTracker: Beat 2 completed in 9.50ms
${t(1021)} ✅ SequenceExecutor: Sequence "Shelf Load" completed in 21ms
${t(1302)} 🎽 DataBaton: +items,count ~stamp | seq=Shelf Load beat=? event=shelf:items:load handler=loadItems plugin=ShelfPlugin req=shelf-load-1767607201000-a1b2c3 preview={"items":["private"]}
${t(1310)} 🧠 PluginManager: Handler execution failed for ShelfPlugin.showItems: TypeError: items is not iterable
    at showItems (shelf.ts:12:5)
${t(2000)} 🎼 ConductorCore: idle
`;

const second = Date.UTC(2026, 0, 5, 10, 0, 1);
const traceId = '9410dc091e451a836248c07ea384eb9d';
const root = '1013dd605a178d37';
const sequence = {
  'sequence.id': 'shelf-load',
  'sequence.name': 'Shelf Load',
  'renderx.sequence': 'Shelf Load',
  'renderx.request_id': 'shelf-load-1767607201000-a1b2c3',
};
const handler = {
  'messaging.system': 'renderx',
  'messaging.operation.type': 'process',
  'renderx.plugin': 'ShelfPlugin',
  'renderx.subscribers': 1,
  'renderx.run': 1,
  'renderx.late': true,
  ...sequence,
};
const beat = { 'renderx.movement': 'Load', 'renderx.subscribers': 1, ...sequence };
const same = {
  scope: 'renderx',
  resource: {
    service: 'renderx',
    environment: '',
    release: 'unversioned',
    attributes: attributesOf({ 'service.name': 'renderx' }),
  },
} as const;
const quiet = { traceId, status: 'unset', events: [], ...same } as const;

/** Decoded with the key `example`, which its ids are made of. */
export const renderxExample: FormatExample = {
  input,
  spans: [
    {
      ...quiet,
      spanId: 'd4fda068b768d9c4',
      parentSpanId: root,
      name: 'shelf:items:load',
      kind: 'internal',
      startMs: second + 2,
      durationMs: 8.25,
      attributes: attributesOf({ ...beat, 'renderx.beat': 1, 'renderx.event': 'shelf:items:load' }),
    },
    {
      ...quiet,
      spanId: '2f32805517ebe887',
      parentSpanId: root,
      name: 'shelf:items:show',
      kind: 'internal',
      startMs: second + 11,
      durationMs: 9.5,
      attributes: attributesOf({ ...beat, 'renderx.beat': 2, 'renderx.event': 'shelf:items:show' }),
    },
    {
      ...quiet,
      spanId: root,
      name: 'Shelf Load',
      kind: 'internal',
      startMs: second,
      durationMs: 21,
      attributes: attributesOf({ ...sequence, 'renderx.plugin': 'ShelfPlugin' }),
    },
    {
      ...quiet,
      spanId: '91a746b291933793',
      parentSpanId: 'd4fda068b768d9c4',
      name: 'ShelfPlugin:shelf:items:load#loadItems',
      kind: 'consumer',
      startMs: second + 2,
      durationMs: 300,
      attributes: attributesOf({
        ...handler,
        'code.function.name': 'loadItems',
        'renderx.handler': 'loadItems',
        'renderx.event': 'shelf:items:load',
        'renderx.beat': 1,
        'renderx.baton.added': ['items', 'count'],
        'renderx.baton.updated': ['stamp'],
      }),
    },
    {
      ...same,
      traceId,
      spanId: '6a9d9c8e8b973714',
      parentSpanId: '2f32805517ebe887',
      name: 'ShelfPlugin:shelf:items:show#showItems',
      kind: 'consumer',
      startMs: second + 11,
      durationMs: 299,
      status: 'error',
      statusMessage: 'items is not iterable',
      attributes: attributesOf({
        ...handler,
        'code.function.name': 'showItems',
        'renderx.handler': 'showItems',
        'renderx.event': 'shelf:items:show',
        'renderx.beat': 2,
        'error.type': 'TypeError',
      }),
      events: [
        {
          name: 'exception',
          timeMs: second + 310,
          attributes: attributesOf({
            'exception.type': 'TypeError',
            'exception.message': 'items is not iterable',
            'exception.stacktrace': 'TypeError: items is not iterable\n    at showItems (shelf.ts:12:5)',
          }),
        },
      ],
    },
  ],
};
