import { behaviourDrift, type BehaviourDrift } from '../document/behaviour.ts';
import { checkPages, type PageDrift } from '../document/check.ts';
import { renderDocuments } from '../document/documents.ts';
import { evidenceFrom, type Evidence } from '../document/evidence.ts';
import {
  EVIDENCE_FILE,
  parseEvidence,
  serializeEvidence,
  type ParsedEvidence,
} from '../document/evidence-file.ts';
import { mergePage, type MergeState } from '../document/merge.ts';
import type { DocumentInput } from '../document/page.ts';
import { readDocs } from '../ingest/sources/doc-files.ts';
import { readSource } from '../ingest/sources/workspace-files.ts';
import type { Problem } from '../model/problem.ts';
import type { HandlerModel } from '../model/read-model.ts';

/** A file that generating would create, change or leave. */
export interface PlannedFile {
  /** Posix, relative to the workspace. */
  readonly path: string;
  readonly state: MergeState;
  readonly message: string;
  readonly before: string | null;
  /** What it should hold; equal to `before` where it is not to be written. */
  readonly after: string;
  readonly write: boolean;
}

/** Everything that "Regenerate Docs" would write; writing it is the face's affair. */
export interface DocumentPlan {
  readonly files: readonly PlannedFile[];
  readonly problems: readonly Problem[];
}

export interface DocumentCheck {
  readonly pages: readonly PageDrift[];
  /** Null where no telemetry was read. */
  readonly behaviour: readonly BehaviourDrift[] | null;
  readonly problems: readonly Problem[];
}

export interface DocumentSources {
  readonly root: string;
  /** Posix, relative to the workspace. */
  readonly docsFolder: () => string;
  /** Everything but the evidence. */
  readonly input: () => Omit<DocumentInput, 'evidence' | 'docsFolder'>;
  /** Models with figures; null where no telemetry was read. */
  readonly measured: () => readonly HandlerModel[] | null;
}

export interface Documents {
  /** `force` replaces pages that were edited inside their markers. */
  readonly plan: (options: { readonly force: boolean }) => Promise<DocumentPlan>;
  /** Renders from code and the committed evidence alone, and compares. */
  readonly check: () => Promise<DocumentCheck>;
}

export function createDocuments(sources: DocumentSources): Documents {
  const readEvidence = async (): Promise<{ text: string | null; parsed: ParsedEvidence }> => {
    const text = await readSource(sources.root, EVIDENCE_FILE);
    return { text, parsed: parseEvidence(text) };
  };
  const render = (evidence: Evidence) =>
    renderDocuments({ ...sources.input(), docsFolder: sources.docsFolder(), evidence });

  return {
    async plan({ force }) {
      const { text, parsed } = await readEvidence();
      const measured = sources.measured();
      const fresh = measured === null ? parsed.evidence : evidenceFrom(measured, parsed.evidence);
      const folder = sources.docsFolder();
      const existing = await readDocs(sources.root, folder);
      const pages = render(fresh).map((document): PlannedFile => {
        const before = existing.get(document.path) ?? null;
        const { state, text: after, write, message } = mergePage(before, document, { force });
        return { path: `${folder}/${document.path}`, state, message, before, after, write };
      });
      const evidence = measured === null ? [] : [evidenceFile(text, parsed, serializeEvidence(fresh))];
      return { files: [...evidence, ...pages], problems: parsed.problems };
    },
    async check() {
      const { parsed } = await readEvidence();
      const measured = sources.measured();
      return {
        pages: checkPages(await readDocs(sources.root, sources.docsFolder()), render(parsed.evidence)),
        behaviour:
          measured === null ? null : behaviourDrift(parsed.evidence, evidenceFrom(measured, parsed.evidence)),
        problems: parsed.problems,
      };
    },
  };
}

function evidenceFile(before: string | null, parsed: ParsedEvidence, fresh: string): PlannedFile {
  const common = { path: EVIDENCE_FILE, before };
  if (before === null) {
    return { ...common, state: 'created', message: 'The evidence is new.', after: fresh, write: true };
  }
  if (parsed.state !== 'read') {
    const message = parsed.problems[0]?.message ?? 'The evidence file cannot be read.';
    const state = parsed.state === 'conflict-markers' ? 'conflict-markers' : 'broken-markers';
    return { ...common, state, message, after: before, write: false };
  }
  const same = before.replaceAll('\r\n', '\n') === fresh;
  return same
    ? { ...common, state: 'unchanged', message: 'The evidence is up to date.', after: before, write: false }
    : {
        ...common,
        state: 'updated',
        message: 'Production behaves differently now.',
        after: fresh,
        write: true,
      };
}
