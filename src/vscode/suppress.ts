import * as vscode from 'vscode';
import { HumanError } from '../core/model/human-error.ts';
import type { AnomalyReference } from './anomaly-reference.ts';
import type { Session } from './session.ts';
import { uriOf } from './workspace-paths.ts';

const { t } = vscode.l10n;

const dayMs = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text;

/** Last day of the suppression; null: for good; undefined: the person left. */
async function askUntil(): Promise<string | null | undefined> {
  const now = Date.now();
  const inDays = (days: number) => dayOf(now + days * dayMs);
  const picked = await vscode.window.showQuickPick(
    [
      { label: t('30 days'), description: inDays(30), until: inDays(30) },
      { label: t('90 days'), description: inDays(90), until: inDays(90) },
      { label: t('For good'), description: '', until: null },
      { label: t('Until a date…'), description: '', until: undefined },
    ],
    { title: t('Suppress Anomaly'), placeHolder: t('Until when?'), ignoreFocusOut: true },
  );
  if (picked === undefined || picked.until !== undefined) return picked?.until;
  const day = await vscode.window.showInputBox({
    title: t('Suppress Anomaly'),
    prompt: t('Last day on which it is suppressed, as YYYY-MM-DD'),
    value: inDays(30),
    ignoreFocusOut: true,
    validateInput: (text) => (isDay(text.trim()) ? undefined : t('A day as YYYY-MM-DD is needed.')),
  });
  return day?.trim();
}

/** Opens the file in which suppressions are reviewed. */
export async function openSuppressions(root: string): Promise<void> {
  const uri = uriOf(root, '.suture/suppressions.json');
  try {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  } catch {
    throw new HumanError(t('There is no .suture/suppressions.json: nothing was suppressed yet.'));
  }
}

/** Asks for reason and expiry and has the engine write them; true when it did. */
export async function suppressAnomaly(session: Session, reference: AnomalyReference): Promise<boolean> {
  const { root, fingerprint } = reference;
  const reason = await vscode.window.showInputBox({
    title: t('Suppress Anomaly'),
    prompt: t('Why is it fine? The reason is kept in .suture/suppressions.json, to be reviewed like code.'),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? t('A reason is needed.') : undefined),
  });
  if (reason === undefined || reason.trim() === '') return false;
  const until = await askUntil();
  if (until === undefined) return false;
  await session.client.request('suppress', root, {
    fingerprint,
    reason: reason.trim(),
    ...(until === null ? {} : { until }),
  });
  const open = t('Open file');
  void vscode.window
    .showInformationMessage(
      until === null
        ? t('Suppressed for good, in .suture/suppressions.json')
        : t('Suppressed until {0}, in .suture/suppressions.json', until),
      open,
    )
    .then((answer) => (answer === open ? openSuppressions(root) : undefined));
  return true;
}
