import { resolvedBeats } from '../handlers/beats/resolved-beats.ts';
import type { ProjectFacts } from '../handlers/project.ts';
import type { HandlerIndex } from '../model/handler.ts';
import type { Problem } from '../model/problem.ts';
import type { Sequence } from '../model/sequence.ts';
import { readSequences, type Declared } from '../sequences/read.ts';

/** The texts of sequence files and what they declare, read again only when one of them changed. */
export interface SequenceBook {
  readonly isSequenceFile: (path: string, project: ProjectFacts) => boolean;
  readonly has: (path: string) => boolean;
  /** Takes the text of a file, null for none; true when it changed. */
  readonly set: (path: string, text: string | null) => boolean;
  readonly declared: (project: ProjectFacts) => readonly Sequence[];
  /** Notes the handlers of the beats. */
  readonly linked: (index: HandlerIndex) => void;
  readonly sequences: () => readonly Sequence[];
}

export function createSequenceBook(onProblems: (problems: readonly Problem[]) => void): SequenceBook {
  const texts = new Map<string, string>();
  let known: { readonly project: ProjectFacts; readonly declared: Declared } | undefined;
  let sequences: readonly Sequence[] = [];
  return {
    isSequenceFile: (path, { packages }) =>
      path.endsWith('.json') &&
      (/(^|\/)json-sequences\//.test(path) ||
        packages.some((p) => p.sequences?.some((folder) => path.startsWith(`${folder}/`)))),
    has: (path) => texts.has(path),
    set(path, text) {
      if ((texts.get(path) ?? null) === text) return false;
      if (text === null) texts.delete(path);
      else texts.set(path, text);
      known = undefined;
      return true;
    },
    declared(project) {
      if (known?.project !== project) {
        known = { project, declared: readSequences(texts, project.packages) };
        onProblems(known.declared.problems);
      }
      return known.declared.sequences;
    },
    linked(index) {
      sequences = resolvedBeats(known?.declared.sequences ?? [], index);
    },
    sequences: () => sequences,
  };
}
