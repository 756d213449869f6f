import type { CallFact } from '../code/facts.ts';
import type { HandlerKind, Position } from '../model/handler.ts';
import type { Sequence } from '../model/sequence.ts';
import type { ProjectFacts } from './project.ts';
import type { Resolved } from './resolve.ts';
import type { ExternalValue, Site, Value } from './value.ts';

/** A place in a file that declares handlers without a call (JSON). */
export interface DeclaredSite {
  readonly file: { readonly path: string };
  readonly at: Position;
  readonly end: Position;
}

/** A registration that a framework saw; `route` has every prefix that is known. */
export interface Registration {
  readonly kind: HandlerKind;
  readonly method?: string;
  readonly route?: string;
  readonly openPrefix?: true;
  readonly event?: string;
  readonly handler: Value;
  readonly site: Site | DeclaredSite;
}

/** What a framework reports to. */
export interface Findings {
  readonly register: (registration: Registration) => void;
  readonly unresolved: (site: Site | DeclaredSite, code: string, reason: string) => void;
}

/** The way from names in a declaration to the values that they stand for. */
export interface CodeAccess {
  readonly project: ProjectFacts;
  /** Paths of all source files. */
  readonly files: () => Iterable<string>;
  readonly resolve: (from: string, source: string) => Resolved;
  /** An export of a file, followed through re-exports; undefined when there is none. */
  readonly exported: (path: string, name: string) => Value | undefined;
  /** `value.name` where the value is known to have it. */
  readonly property: (value: Value, name: string) => Value | undefined;
}

/** A framework's view of one evaluation of the workspace. */
export interface FrameworkRun {
  /** Result of calling something of the framework's packages; undefined when it means nothing to the framework. */
  readonly call: (callee: ExternalValue, args: readonly Value[], site: Site) => Value | undefined;
  /** Value of a parameter that nobody in the workspace fills, by its imported type or else its name. */
  readonly parameter: (type: ExternalValue | undefined, name: string) => Value | undefined;
  /** A method called on something that could not be followed. */
  readonly strayCall: (receiver: Value, name: string, args: readonly Value[], site: Site) => void;
  /** Sequences that are declared apart from code, after all code was evaluated. */
  readonly declared?: (sequences: readonly Sequence[], code: CodeAccess) => void;
  /** After everything was evaluated: reports the registrations. */
  readonly finish: () => void;
}

/** A web (or message) framework: pure functions over facts and evaluated values. */
export interface Framework {
  /** Its npm name. */
  readonly id: string;
  readonly title: string;
  readonly packages: readonly string[];
  /** Cheap sign that a call may register a handler; decides which files are evaluated. */
  readonly mayRegister: (call: CallFact) => boolean;
  readonly begin: (findings: Findings) => FrameworkRun;
  readonly example: {
    /** Path -> text of a small workspace. */
    readonly files: Readonly<Record<string, string>>;
    /** Expected handler ids, in the order of the index. */
    readonly handlers: readonly string[];
  };
}
