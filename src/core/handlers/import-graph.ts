import type { FileFacts } from '../code/facts.ts';
import type { ProjectFacts } from './project.ts';
import { resolveImport, type Resolved } from './resolve.ts';
import { isTestFile } from './test-file.ts';

/** Who imports whom among the files of a workspace; brought up to date by comparing facts by identity. */
export interface ImportGraph {
  readonly resolve: (from: string, source: string) => Resolved;
  /** The files for which `isRelevant` holds and all that import them, directly or not, sorted; tests left out. */
  readonly live: (isRelevant: (file: FileFacts) => boolean) => readonly FileFacts[];
}

interface Node {
  readonly facts: FileFacts;
  readonly isTest: boolean;
  readonly resolved: Map<string, Resolved>;
  readonly targets: readonly string[];
}

interface State {
  readonly project: ProjectFacts;
  readonly nodes: Map<string, Node>;
  readonly importers: Map<string, Set<string>>;
}

/** Kept while the caller keeps its facts: a link after one edit looks at one file. */
const states = new WeakMap<ReadonlyMap<string, FileFacts>, State>();

export function importGraph(facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts): ImportGraph {
  const state = upToDate(facts, project) ?? rebuilt(facts, project);
  const { nodes, importers } = state;
  const resolve = (from: string, source: string): Resolved => {
    const node = nodes.get(from);
    const known = node?.resolved.get(source);
    if (known !== undefined) return known;
    const resolved = resolveImport(project, (path) => facts.has(path), from, source);
    node?.resolved.set(source, resolved);
    return resolved;
  };
  return {
    resolve,
    live: (isRelevant) => {
      const live = new Set<Node>();
      const queue: Node[] = [];
      for (const node of nodes.values()) if (!node.isTest && isRelevant(node.facts)) queue.push(node);
      for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
        if (node.isTest || live.has(node)) continue;
        live.add(node);
        for (const path of importers.get(node.facts.path) ?? []) {
          const importer = nodes.get(path);
          if (importer !== undefined) queue.push(importer);
        }
      }
      return [...live].map((node) => node.facts).sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}

/** The last state with its changed files replaced; undefined when files came or went, which may change any import. */
function upToDate(facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts): State | undefined {
  const state = states.get(facts);
  if (state?.project !== project || state.nodes.size !== facts.size) return undefined;
  const changed: FileFacts[] = [];
  for (const [path, file] of facts) {
    const node = state.nodes.get(path);
    if (node === undefined) return undefined;
    if (node.facts !== file) changed.push(file);
  }
  for (const file of changed) {
    for (const target of state.nodes.get(file.path)?.targets ?? [])
      state.importers.get(target)?.delete(file.path);
    addNode(state, facts, file);
  }
  return state;
}

function rebuilt(facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts): State {
  const state: State = { project, nodes: new Map(), importers: new Map() };
  for (const file of facts.values()) addNode(state, facts, file);
  states.set(facts, state);
  return state;
}

function addNode(
  { project, nodes, importers }: State,
  facts: ReadonlyMap<string, FileFacts>,
  file: FileFacts,
): void {
  const resolved = new Map<string, Resolved>();
  const targets: string[] = [];
  for (const { source, kind } of file.imports) {
    let target = resolved.get(source);
    if (target === undefined) {
      target = resolveImport(project, (path) => facts.has(path), file.path, source);
      resolved.set(source, target);
    }
    if (kind === 'type' || target.k !== 'file') continue;
    targets.push(target.path);
    const known = importers.get(target.path);
    if (known === undefined) importers.set(target.path, new Set([file.path]));
    else known.add(file.path);
  }
  nodes.set(file.path, { facts: file, isTest: isTestFile(file.path), resolved, targets });
}
