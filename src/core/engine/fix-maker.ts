import { sha256 } from '../code/text-hash.ts';
import type { CodeAnalysis } from '../code/analysis.ts';
import type { OperationComparison } from '../model/comparison.ts';
import type { Cause, Diagnosis } from '../model/diagnosis.ts';
import type { FileEdit, Fix } from '../model/fix.ts';
import type { Handler } from '../model/handler.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { Draft, Recipe, RecipePorts } from '../repair/recipe.ts';
import * as recipes from '../repair/recipes/registry.ts';
import type { CodeIndex } from './code-index.ts';
import { createDocuments } from './documents.ts';
import { createTests, type Tests } from './tests.ts';

export interface FixMakerOptions {
  readonly root: string;
  readonly code: CodeIndex;
  readonly tests: Tests;
  readonly analysis: CodeAnalysis;
  readonly docsFolder: () => string;
  readonly workspaceName: () => string;
  readonly exists: (file: string) => boolean;
  readonly now: () => number;
  /** Best trusted first. */
  readonly order: (recipes: readonly Recipe[]) => readonly Recipe[];
}

/** A whole fix, or the reasons why no recipe made one, one sentence each. */
export type MadeFix =
  { readonly k: 'fix'; readonly fix: Fix } | { readonly k: 'no-fix'; readonly reasons: readonly string[] };

/** Tries the recipes for each cause, the likeliest first, and completes the first draft with docs and hashes. */
export async function makeFix(
  anomaly: Anomaly,
  diagnosis: Diagnosis,
  handler: Handler | undefined,
  comparison: OperationComparison | undefined,
  options: FixMakerOptions,
  observe: RecipePorts['observe'],
): Promise<MadeFix> {
  const reasons: string[] = diagnosis.why === undefined ? [] : [diagnosis.why];
  if (handler === undefined) {
    return { k: 'no-fix', reasons: ['No handler in this workspace is known for it.', ...reasons] };
  }
  const ports: RecipePorts = {
    code: options.analysis,
    read: options.code.textOf,
    exists: options.exists,
    ...(observe && { observe }),
  };
  const index = options.code.handlers();
  const tests = options.tests.fromSource();
  for (const cause of diagnosis.causes) {
    const fitting = Object.values(recipes).filter(({ mends }) => mends.includes(cause.detail.k));
    if (fitting.length === 0) reasons.push(`No recipe mends this: ${cause.message}`);
    for (const recipe of options.order(fitting)) {
      const made = await recipe.draft(
        {
          finding: anomaly,
          cause,
          handler,
          ...(comparison && { comparison }),
          index,
          tests,
        },
        ports,
      );
      if (made.k === 'draft') {
        return { k: 'fix', fix: await completed(anomaly, cause, recipe, made, options) };
      }
      reasons.push(made.reason);
    }
  }
  return { k: 'no-fix', reasons: [...new Set(reasons)] };
}

/** Code and tests as they would be with the edits: for planning runs of tests that are not written yet, and for pages. */
export async function workspaceWith(
  edits: readonly Pick<FileEdit, 'file' | 'newText'>[],
  { root, code, now }: Pick<FixMakerOptions, 'root' | 'code' | 'now'>,
): Promise<{ readonly code: Awaited<ReturnType<CodeIndex['withEdits']>>; readonly tests: Tests }> {
  const edited = await code.withEdits(edits);
  const tests = createTests({ root, code: edited, reports: () => [], now });
  tests.update();
  return { code: edited, tests };
}

async function completed(
  anomaly: Anomaly,
  cause: Cause,
  recipe: Recipe,
  draft: Draft,
  options: FixMakerOptions,
): Promise<Fix> {
  const docs = await docsEdits(draft.edits, options);
  const edits: FileEdit[] = [];
  for (const edit of [...draft.edits, ...docs.edits]) {
    const before = await options.code.textOf(edit.file);
    edits.push({ ...edit, sha256Before: before === null ? null : sha256(before) });
  }
  const { title, summary, proof } = draft;
  const id = sha256(
    JSON.stringify([
      anomaly.fingerprint,
      recipe.id,
      cause.cause,
      edits.map((edit) => [edit.file, edit.newText]),
    ]),
  ).slice(0, 16);
  const notes = [...draft.notes, ...docs.notes];
  return {
    id, fingerprint: anomaly.fingerprint, recipe: recipe.id, tier: recipe.tier, title, summary, edits, proof, notes,
  }; // prettier-ignore
}

/** Pages that this workspace has already, as they are with the edits; a workspace without pages gets none. */
async function docsEdits(
  edits: Draft['edits'],
  options: FixMakerOptions,
): Promise<{ readonly edits: Draft['edits']; readonly notes: readonly string[] }> {
  const { code: edited, tests } = await workspaceWith(edits, options);
  const documents = createDocuments({
    root: options.root,
    docsFolder: options.docsFolder,
    input: () => ({
      workspaceName: options.workspaceName(),
      ...edited.handlers(),
      tests: tests.fromSource(),
      docs: edited.describe(),
    }),
    // Pages are made from code and the committed evidence: a fix does not bring newer figures in.
    measured: () => null,
  });
  const { files } = await documents.plan({ force: false });
  const existing = files.filter(({ before }) => before !== null);
  const refused = existing.filter(({ state }) => state !== 'unchanged' && state !== 'updated');
  const notes =
    existing.length === 0
      ? [
          'There are no generated pages in this workspace, so the fix holds no docs; "Regenerate Docs" makes them.',
        ]
      : refused.map(({ path, message }) => `${path} is left as it is: ${message}`);
  return {
    edits: existing
      .filter(({ write }) => write)
      .map(({ path, after }) => ({ file: path, newText: after, part: 'docs' as const })),
    notes,
  };
}
