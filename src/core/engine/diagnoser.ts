import type { CodeAnalysis } from '../code/analysis.ts';
import type { DiagnosePorts } from '../diagnose/cause-finder.ts';
import * as causes from '../diagnose/causes/registry.ts';
import { openRepository, type Repository } from '../deliver/git/repository.ts';
import { changeEvidence } from '../deliver/changes.ts';
import { createLocator } from '../handlers/locate.ts';
import type { Finding } from '../model/anomaly.ts';
import type { OperationComparison } from '../model/comparison.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Handler } from '../model/handler.ts';
import type { CodeIndex } from './code-index.ts';

export interface DiagnoserOptions {
  readonly root: string;
  readonly code: CodeIndex;
  readonly analysis: CodeAnalysis;
  readonly pathMappings: () => Parameters<typeof createLocator>[1];
  readonly comparisonOf: (finding: Finding) => OperationComparison | undefined;
}

/** Ranked causes of a finding. */
export interface Diagnoser {
  (finding: Finding): Promise<Diagnosis>;
  /** The handler and the figures that a finding is about. */
  readonly context: (finding: Finding) => {
    readonly handler?: Handler;
    readonly comparison?: OperationComparison;
  };
}

export function createDiagnoser(options: DiagnoserOptions): Diagnoser {
  let repository: Promise<Repository | null> | undefined;
  const open = (): Promise<Repository | null> =>
    (repository ??= openRepository(options.root).then((opened) =>
      opened.k === 'open' ? opened.repository : null,
    ));

  const context: Diagnoser['context'] = (finding) => {
    const handler = options.code.handlers().handlers.find(({ id }) => id === finding.handlerId);
    const comparison = options.comparisonOf(finding);
    return { ...(handler && { handler }), ...(comparison && { comparison }) };
  };

  const diagnose = async (finding: Finding): Promise<Diagnosis> => {
    const locator = createLocator(options.code.facts().keys(), options.pathMappings());
    const ports: DiagnosePorts = {
      code: options.analysis,
      locate(reported) {
        const located = locator(reported);
        return located.k === 'files' && located.files.length === 1 ? (located.files[0] ?? null) : null;
      },
      async lastChanges(site) {
        const changes = (await (await open())?.lastChanges(site)) ?? [];
        return changeEvidence(changes, site);
      },
    };
    const finders = Object.values(causes).filter(({ explains }) => explains.includes(finding.detector));
    const found = await Promise.all(
      finders.map((finder) => finder.find({ finding, ...context(finding) }, ports)),
    );
    const ranked = found.flat().toSorted((a, b) => b.score - a.score);
    const { fingerprint } = finding;
    if (ranked.length > 0) return { fingerprint, causes: ranked };
    const why =
      finding.handlerId === undefined
        ? 'Its operation has no known handler in this workspace, so there is no code to look at.'
        : 'Nothing in the handler and what it calls explains it.';
    return { fingerprint, causes: [], why };
  };
  return Object.assign(diagnose, { context });
}
