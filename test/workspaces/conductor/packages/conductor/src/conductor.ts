type Baton = Record<string, unknown>;
type Run = (data: Baton, ctx: { wait: (ms: number) => Promise<void> }) => unknown;

export interface Beat {
  readonly event: string;
  readonly handler: string;
}

export interface Sequence {
  readonly pluginId: string;
  readonly id: string;
  readonly name: string;
  readonly movements: readonly { readonly name: string; readonly beats: readonly Beat[] }[];
}

interface Subscriber {
  readonly sequence: Sequence;
  readonly handler: string;
  readonly run: Run;
}

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export function createConductor(say: (text: string) => void) {
  const subscribers = new Map<string, Subscriber[]>();
  const known = new Map<string, Sequence>();
  const outstanding: Promise<void>[] = [];

  const report = (subscriber: Subscriber, event: string, request: string, result: unknown): void => {
    const keys = Object.keys((result ?? {}) as Baton);
    const changes = keys.length === 0 ? 'No changes' : `+${keys.join(',')}`;
    const { pluginId, name } = subscriber.sequence;
    say(`🎽 DataBaton: ${changes} | seq=${name} beat=? event=${event} handler=${subscriber.handler} plugin=${pluginId} req=${request}`);
  };

  return {
    mount(sequence: Sequence, handlers: Readonly<Record<string, Run>>): void {
      known.set(sequence.id, sequence);
      say(`🎼 SequenceRegistry: Registered sequence "${sequence.name}" (id: ${sequence.id})`);
      for (const { event, handler } of sequence.movements.flatMap(({ beats }) => beats)) {
        const run = handlers[handler.slice(handler.lastIndexOf('#') + 1)];
        if (run === undefined) {
          say(`❌ PluginManager: Handler not found or not a function: ${sequence.pluginId}.${handler}`);
          continue;
        }
        const list = subscribers.get(event) ?? [];
        subscribers.set(event, [...list, { sequence, handler, run }]);
        say(`📡 EventBus: Subscribed to "${event}" (${list.length + 1} total subscribers) (plugin: ${sequence.pluginId}:${sequence.id})`);
      }
      say(`✅ Plugin mounted successfully: ${sequence.pluginId}`);
    },
    async play(id: string, data: Baton): Promise<void> {
      const sequence = known.get(id);
      if (sequence === undefined) return say(`❌ SequenceOrchestrator: Sequence with ID "${id}" not found`);
      const began = performance.now();
      const request = `${id}-${Date.now()}-${Math.random().toString(36).slice(2, 11)}`;
      say(`🎼 PluginInterfaceFacade.play(): ${sequence.pluginId} -> ${id}`);
      say(`🎼 ExecutionQueue: Now executing "${sequence.name}"`);
      for (const { name, beats } of sequence.movements) {
        const start = performance.now();
        say(`🎵 MovementExecutor: Starting movement "${name}" with ${beats.length} beats`);
        say(`⏱️ PerformanceTracker: Started timing movement ${name} for ${sequence.name}`);
        say(`🆔 Request ID: ${request}`);
        for (const [index, { event }] of beats.entries()) {
          const from = performance.now();
          say(`⏱️ PerformanceTracker: Started timing beat ${index + 1} for ${sequence.name}`);
          say(`🎯 Event: ${event}`);
          for (const subscriber of subscribers.get(event) ?? []) {
            // Nobody waits for handlers: a beat ends before a slow one reports.
            outstanding.push(
              (async () => subscriber.run(data, { wait }))().then(
                (result) => report(subscriber, event, request, Object.assign(data, result) && result),
                (error: Error) =>
                  say(`❌ PluginManager: Handler execution failed for ${subscriber.sequence.pluginId}.${subscriber.handler}: ${error.stack?.replaceAll(/file:\/\/\S*?(?=packages\/)/g, '') ?? error.message}`),
              ),
            );
          }
          await wait(4);
          const ms = performance.now() - from;
          say(`🎽 DataBaton: No changes | seq=${sequence.name} beat=${index + 1} event=${event} handler=?`);
          say(`⏱️ PerformanceTracker: Beat ${index + 1} completed in ${ms.toFixed(2)}ms`);
          say(`✅ BeatExecutor: Beat ${index + 1} (${event}) completed in ${Math.round(ms)}ms`);
        }
        say(`⏱️ PerformanceTracker: Movement ${name} completed in ${(performance.now() - start).toFixed(2)}ms`);
      }
      say(`✅ SequenceExecutor: Sequence "${sequence.name}" completed in ${Math.round(performance.now() - began)}ms`);
    },
    async settled(): Promise<void> {
      await Promise.all(outstanding);
    },
  };
}
