import type { FileFacts } from '../code/facts.ts';
import type { HandlerIndex } from '../model/handler.ts';
import type { Sequence } from '../model/sequence.ts';
import { createCollector } from './collect.ts';
import type { CodeAccess, Framework, FrameworkRun } from './framework.ts';
import * as registry from './frameworks/registry.ts';
import { importGraph } from './import-graph.ts';
import type { Machine } from './machine.ts';
import { propertyOf } from './members.ts';
import { enterModule, exportedValue } from './modules.ts';
import type { ProjectFacts } from './project.ts';
import { createRelevance, involvedFunctions } from './relevance.ts';
import { runUnreached } from './unreached.ts';

const FRAMEWORKS: readonly Framework[] = Object.values(registry);
const relevance = createRelevance(FRAMEWORKS);
/** Calls followed in one link: some 40 per route leaves room for 50,000 routes. */
const FUEL = 2_000_000;

/** Joins the facts of all files, and the sequences declared beside them, into the index of handlers: pure, sorted, the same for the same facts. */
export function linkHandlers(
  facts: ReadonlyMap<string, FileFacts>,
  project: ProjectFacts,
  sequences: readonly Sequence[] = [],
): HandlerIndex {
  const graph = importGraph(facts, project);
  const files = graph.live(relevance.isRelevant);
  const involved = involvedFunctions(files, relevance, facts, graph.resolve);
  const collector = createCollector(project);
  const runs = new Map<string, FrameworkRun>();
  const all = FRAMEWORKS.map((framework) => {
    const run = framework.begin(collector.findingsFor(framework.id));
    for (const name of framework.packages) runs.set(name, run);
    return run;
  });
  const machine: Machine = {
    facts, resolve: graph.resolve, runs, live: new Set(files.map((file) => file.path)),
    modules: new Map(), reached: new Set(), closures: new Map(), injected: new Map(), involved: involved.functions, costs: new Map(), exported: new Map(), inert: new Set(), statics: new Map(),
    stack: [], fuel: FUEL, effects: 0, loading: 0,
  }; // prettier-ignore
  for (const file of files) {
    try {
      enterModule(machine, file);
    } catch (error) {
      // Code nested deeper than the stack: its other files still count.
      if (!(error instanceof RangeError)) throw error;
      machine.stack.length = 0;
      machine.loading = 0;
    }
  }
  runUnreached(machine, involved);
  const code: CodeAccess = {
    project,
    files: () => facts.keys(),
    resolve: graph.resolve,
    exported: (path, name) => exportedValue(machine, path, name),
    property: (value, name) => propertyOf(machine, value, name),
  };
  for (const run of all) run.declared?.(sequences, code);
  for (const run of all) run.finish();
  return collector.index();
}
