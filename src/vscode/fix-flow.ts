import * as vscode from 'vscode';
import type { Verdict } from '../core/model/fix.ts';
import type { Delivery, FixAnswer, Offer } from '../core/model/healing.ts';
import { HumanError } from '../core/model/human-error.ts';
import type { AnomalyReference } from './anomaly-reference.ts';
import { applyFix } from './apply-fix.ts';
import type { FixPreview } from './fix-preview.ts';
import { hoverContext } from './hover.ts';
import { fixMarkdown, noFixMarkdown, verdictLine } from './render/fix-markdown.ts';
import { oneLine } from './render/escape.ts';
import type { Session } from './session.ts';

const { t } = vscode.l10n;

/** How a person's wish for a fix ended. */
export type FixEnd =
  | { readonly k: 'no-fix'; readonly reasons: readonly string[] }
  | { readonly k: 'not-offered'; readonly status: Verdict['status'] }
  | { readonly k: 'applied'; readonly files: readonly string[] }
  | { readonly k: 'branched'; readonly branch: string }
  | { readonly k: 'rejected' | 'left' | 'cancelled' };

interface Made {
  readonly answer: FixAnswer;
  /** Of an offer alone. */
  readonly verdict?: Verdict;
}

interface Proven {
  readonly fixId: string;
  readonly verdict: Verdict;
  readonly atMs: number;
}

/** A verdict on the very same fix counts for this long (ms); then what is around the fix may have changed too much. */
const verdictMs = 10 * 60_000;

/** Making and proving a fix runs code of the workspace: asks for trust first, where it is missing. */
async function isAllowed(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    t('A fix is proven by running tests of this workspace in a copy: Suture does so only when you trust it.'),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** From an anomaly to what a person decided; one fix per folder at a time. */
export function createFixFlow(
  session: Session,
  preview: FixPreview,
): (reference: AnomalyReference) => Promise<FixEnd | undefined> {
  const { client, log } = session;
  const running = new Set<string>();
  const proven = new Map<string, Proven>();

  const make = async (
    { root, fingerprint }: AnomalyReference,
    progress: vscode.Progress<{ readonly message: string }>,
    signal: AbortSignal,
  ): Promise<Made> => {
    progress.report({ message: t('looking for the cause and a recipe that mends it') });
    const answer = await client.request(
      'fix',
      root,
      { fingerprint, mayRun: vscode.workspace.isTrusted },
      { signal },
    );
    if (answer.k === 'no-fix') return { answer };
    const fixId = answer.fix.id;
    const before = proven.get(root);
    if (before?.fixId === fixId && Date.now() - before.atMs < verdictMs && session.freshness(root) === 'live')
      return { answer, verdict: before.verdict };
    progress.report({ message: t('proving it in a copy of the workspace: tests run before and after') });
    const verdict = await client.request('validate', root, { fixId }, { signal });
    proven.set(root, { fixId, verdict, atMs: Date.now() });
    return { answer, verdict };
  };

  const branch = async (root: string, offer: Offer): Promise<FixEnd> => {
    const { branch: name, pullRequest }: Delivery = await client.request('deliver', root, {
      fixId: offer.fix.id,
    });
    const text = `# ${pullRequest.title}\n\n${pullRequest.body}\n`;
    const [copy, open] = [t('Copy pull-request text'), t('Open pull-request text')];
    void vscode.window
      .showInformationMessage(
        t('Branch {0} holds the fix in one commit. Nothing was merged or pushed.', name),
        copy,
        open,
      )
      .then(async (answer) => {
        if (answer === copy) await vscode.env.clipboard.writeText(text);
        if (answer !== open) return;
        const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: text });
        await vscode.window.showTextDocument(document);
      });
    return { k: 'branched', branch: name };
  };

  const apply = async (root: string, { fix }: Offer): Promise<FixEnd> => {
    await applyFix(root, fix);
    await client.request('decide', root, { fixId: fix.id, decision: 'applied' });
    const files = fix.edits.map(({ file }) => file);
    vscode.window.setStatusBarMessage(
      `$(check) Suture: ${files.length === 1 ? t('1 file written') : t('{0} files written', files.length)}`,
      6000,
    );
    return { k: 'applied', files };
  };

  const reject = async (root: string, { fix }: Offer): Promise<FixEnd | undefined> => {
    const reason = await vscode.window.showInputBox({
      title: t('Reject Fix'),
      prompt: t('What is wrong with it? The reason is kept in .suture/ledger.jsonl.'),
      ignoreFocusOut: true,
    });
    if (reason === undefined) return undefined;
    await client.request('decide', root, {
      fixId: fix.id,
      decision: 'rejected',
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    });
    return { k: 'rejected' };
  };

  /** Asks until something was done; what is refused can be mended and chosen again. */
  const choose = async (root: string, offer: Offer, verdict: Verdict): Promise<FixEnd> => {
    const [yes, onBranch, no] = [t('Apply'), t('Create branch'), t('Reject…')];
    for (;;) {
      const question = `${oneLine(offer.fix.title)}: ${verdictLine(verdict, t)}.`;
      const answer = await vscode.window.showInformationMessage(question, yes, onBranch, no);
      if (answer === undefined) return { k: 'left' };
      try {
        const end = await { [yes]: apply, [onBranch]: branch, [no]: reject }[answer]?.(root, offer);
        if (end !== undefined) return end;
      } catch (error) {
        if (!(error instanceof HumanError)) throw error;
        void vscode.window.showWarningMessage(error.message);
      }
    }
  };

  const notOffered = async ({ answer, verdict }: Made, root: string): Promise<FixEnd> => {
    const context = hoverContext(session, root);
    if (answer.k === 'no-fix' || verdict === undefined) {
      const reasons = answer.k === 'no-fix' ? answer.reasons : [];
      if (answer.k === 'no-fix') await preview.showEvidence(t('No fix'), noFixMarkdown(answer, context));
      void vscode.window.showInformationMessage(t('No fix: {0}', oneLine(reasons[0] ?? '', 300)));
      return { k: 'no-fix', reasons };
    }
    await preview.showEvidence(t('Not offered'), fixMarkdown(answer, verdict, context));
    void vscode.window.showWarningMessage(
      verdict.status === 'failed'
        ? t('The fix is not offered: it failed a gate. The document says which and why.')
        : t('The fix is not offered: it could not be proven here. The document says why.'),
    );
    return { k: 'not-offered', status: verdict.status };
  };

  const run = async (reference: AnomalyReference): Promise<FixEnd> => {
    const { root } = reference;
    const abort = new AbortController();
    let made: Made;
    try {
      made = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          cancellable: true,
          title: t('Suture: making a fix'),
        },
        (progress, token) => {
          token.onCancellationRequested(() => {
            abort.abort();
          });
          return make(reference, progress, abort.signal);
        },
      );
    } catch (error) {
      if (abort.signal.aborted) return { k: 'cancelled' };
      throw error;
    }
    const { answer, verdict } = made;
    if (answer.k === 'no-fix' || verdict?.status !== 'passed') return notOffered(made, root);
    log.info(`fix ${answer.fix.id} of ${reference.fingerprint}: ${verdictLine(verdict, t)}`);
    await preview.show(root, answer.fix, fixMarkdown(answer, verdict, hoverContext(session, root)));
    const end = await choose(root, answer, verdict);
    if (end.k !== 'left') await preview.close();
    return end;
  };

  return async (reference) => {
    if (!(await isAllowed())) return undefined;
    const { root } = reference;
    if (running.has(root))
      throw new HumanError(t('A fix of this folder is being made or waits for your choice already.'));
    running.add(root);
    try {
      return await run(reference);
    } finally {
      running.delete(root);
    }
  };
}
