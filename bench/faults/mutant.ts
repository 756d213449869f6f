import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Node, type Project } from 'ts-morph';
import { candidatesOf, testsOf } from './candidates.ts';
import { applied, type FaultClass } from './operator.ts';
import * as operators from './operators/registry.ts';
import type { HandlerRow } from './product.ts';
import { seeded } from './random.ts';

/** A fault that is drawn, and in the work tree as a commit. */
export interface Mutant {
  readonly seed: number;
  readonly operator: string;
  readonly class: FaultClass;
  readonly file: string;
  readonly line: number;
  /** Ids of the handlers that come by. */
  readonly handlers: readonly string[];
  /** How many sites this operator had to choose from. */
  readonly of: number;
  /** Sites that were drawn, the last of which type-checks. */
  readonly tried: number;
}

/** How many sites each operator has, by id. */
export function census(project: Project, root: string, handlers: readonly HandlerRow[]): ReadonlyMap<string, number> {
  const counts = new Map(Object.values(operators).map(({ id }) => [id, 0]));
  for (const { operator } of candidatesOf(project, root, handlers, Object.values(operators)))
    counts.set(operator.id, (counts.get(operator.id) ?? 0) + 1);
  counts.set('delete-tests', handlers.filter((handler) => testsOf(project, handler).length > 0).length);
  return counts;
} // prettier-ignore

export interface Wanted {
  readonly kind: 'fault' | 'no-op';
  /** Id of the only operator to draw; absent: in turn among those that fit anywhere. */
  readonly operator?: string;
}

/** Draws operator and site from the seed, passes over sites where the checker would complain, and commits the fault. */
export function inject(project: Project, root: string, handlers: readonly HandlerRow[], seed: number, wanted: Wanted): Mutant {
  const fits = [...census(project, root, handlers)].filter(([, count]) => count > 0).map(([id]) => id);
  const all = Object.values(operators).filter(({ id, class: kind }) => fits.includes(id) && (wanted.operator === undefined ? (kind === 'no-op') === (wanted.kind === 'no-op') : id === wanted.operator));
  const operator = all[(seed - 1) % all.length];
  if (operator === undefined) throw new Error('No operator fits anywhere.');
  const random = seeded(seed);
  const draw = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  if (operator.class === 'coverage') {
    const tested = handlers.filter((handler) => testsOf(project, handler).length > 0);
    const handler = draw(tested);
    const changed = new Set<string>();
    for (const test of testsOf(project, handler).toReversed()) {
      const around = test.getParent();
      const statement = Node.isVoidExpression(around) || Node.isAwaitExpression(around) ? around.getParent() : around;
      if (Node.isExpressionStatement(statement)) { changed.add(test.getSourceFile().getFilePath()); statement.remove(); }
    }
    if (changed.size === 0) throw new Error('No test could be taken away.');
    for (const file of changed) write(file, project.getSourceFileOrThrow(file).getFullText());
    commit(root, 'Tests moved');
    return { seed, operator: operator.id, class: operator.class, file: handler.file, line: handler.line, handlers: [handler.id], of: tested.length, tried: 1 };
  }
  const sites = [...candidatesOf(project, root, handlers, [operator])];
  const of = sites.length;
  for (let tried = 1; sites.length > 0; tried++) {
    const { site, file, handlers: passing } = sites.splice(Math.floor(random() * sites.length), 1)[0]!;
    const absolute = path.join(root, file);
    const source = project.getSourceFileOrThrow(absolute);
    const healthy = readFileSync(absolute, 'utf8');
    const before = source.getPreEmitDiagnostics().length;
    const text = applied(healthy, site.edits);
    source.replaceWithText(text);
    if (source.getPreEmitDiagnostics().length > before) {
      source.replaceWithText(healthy);
      continue;
    }
    write(absolute, text);
    commit(root, 'Change the way it is asked');
    return { seed, operator: operator.id, class: operator.class, file, line: site.line, handlers: passing, of, tried };
  }
  throw new Error(`None of the ${of} sites of ${operator.id} type-checks.`);
} // prettier-ignore

const write = (file: string, text: string): void => writeFileSync(file, text);

/** Author of every mutant. */
export const identity = 'Faults';

/** Git in the work tree, with an identity of its own. */
export function git(root: string, ...args: readonly string[]): string {
  const options = [
    '-c',
    `user.name=${identity}`,
    '-c',
    'user.email=faults@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', ['-C', root, ...options, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }).trim();
}

const commit = (root: string, message: string): string => git(root, 'commit', '-qam', message, '--no-verify');
