import type { Handler, Unresolved } from '../model/handler.ts';
import type { HandlerTests } from '../model/test.ts';
import type { Evidence } from './evidence.ts';
import type { DocumentView } from './view.ts';

/** What only the source text says of a handler; every part may be missing. */
export interface HandlerDoc {
  /** Source text of the declaration up to its body. */
  readonly signature?: string;
  /** Doc comment without its comment signs, line breaks kept. */
  readonly comment?: string;
  /** Types of errors that the function throws itself, in order of the text. */
  readonly throws?: readonly string[];
  /** Ids of all handlers that run for the same request, in order, itself included; else derived from the registrations. */
  readonly chain?: readonly string[];
  /** Names of what it calls outside the workspace or over the network, in order of the text. */
  readonly callsOut?: readonly string[];
}

/**
 * All that pages are made of. Nothing here may depend on the machine, the day or a run: with the same commit
 * `docs --check` must find the same bytes in every clone.
 */
export interface DocumentInput {
  /** Name in package.json (or suture.json), not the name of the folder: clones differ in that. */
  readonly workspaceName: string;
  /** Posix, relative to the workspace; `docs/suture` by default. */
  readonly docsFolder?: string;
  readonly handlers: readonly Handler[];
  readonly unresolved: readonly Unresolved[];
  readonly evidence: Evidence;
  /** By handler id, from source alone (no coverage, no results: CI may not have them); absent until tests are known. */
  readonly tests?: ReadonlyMap<string, HandlerTests>;
  /** By handler id. */
  readonly docs?: ReadonlyMap<string, HandlerDoc>;
}

export type PageId = 'HANDLER_SPECS' | 'INDEX';

/** A rendered file; `path` is relative to the docs folder, `body` ends with a line feed. */
export interface PageFile {
  readonly path: string;
  readonly body: string;
}

/** Member of the family of pages. */
export interface Page {
  readonly id: PageId;
  /** Its first file, relative to the docs folder. */
  readonly file: string;
  readonly title: string;
  /** Pure; the first file is `file`, further ones hold what would make it too large to read on GitHub. */
  render(view: DocumentView): readonly PageFile[];
  readonly example: DocumentInput;
}
