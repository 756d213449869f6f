import * as vscode from 'vscode';
import { HumanError } from '../core/model/human-error.ts';
import type { Anomalies } from './anomalies.ts';
import { parseAnomaly, type AnomalyReference } from './anomaly-reference.ts';
import type { AnomalyTree } from './anomaly-tree.ts';
import type { CommandName } from './command-table.ts';
import type { FixEnd } from './fix-flow.ts';
import { headline, isOpen, whereText } from './render/anomaly-text.ts';
import { anomalyUri, learnedUri, openReport } from './reports.ts';
import type { Session } from './session.ts';
import { openSuppressions, suppressAnomaly } from './suppress.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown) => unknown;

type AnomalyCommand = 'explainAnomaly' | 'fixAnomaly' | 'suppressAnomaly' | 'showAnomaly' | 'copyFingerprint';

/** What can be done about an anomaly: the one named, that of a tree row, or one that is picked. */
export function anomalyCommands(
  session: Session,
  anomalies: Anomalies,
  tree: AnomalyTree,
  fix: (reference: AnomalyReference) => Promise<FixEnd | undefined>,
  chooseFolder: (argument: unknown) => Promise<string | undefined>,
): Record<Extract<CommandName, AnomalyCommand | 'openSuppressions' | 'showLearned'>, Handler> {
  const choose = async (argument: unknown): Promise<AnomalyReference | undefined> => {
    const named = parseAnomaly(argument);
    if (named !== undefined) return named;
    const open = session.client.folders().flatMap((root) =>
      anomalies
        .of(root)
        .filter(isOpen)
        .map((anomaly) => ({
          label: headline(anomaly, t),
          description: whereText(anomaly),
          reference: { root, fingerprint: anomaly.fingerprint },
        })),
    );
    if (open.length === 0) throw new HumanError(t('No anomaly is open.'));
    return (await vscode.window.showQuickPick(open, { placeHolder: t('Which anomaly?') }))?.reference;
  };
  const about =
    (act: (reference: AnomalyReference) => unknown): Handler =>
    async (argument) => {
      const reference = await choose(argument);
      return reference === undefined ? undefined : act(reference);
    };

  return {
    explainAnomaly: about((reference) => openReport(anomalyUri(reference))),
    fixAnomaly: about(fix),
    suppressAnomaly: about((reference) => suppressAnomaly(session, reference)),
    showAnomaly: about(async (reference) => {
      await vscode.commands.executeCommand('suture.anomalies.focus');
      await tree.reveal(reference);
    }),
    copyFingerprint: about(async ({ fingerprint }) => {
      await vscode.env.clipboard.writeText(fingerprint);
      vscode.window.setStatusBarMessage(t('Copied {0}', fingerprint), 3000);
      return fingerprint;
    }),
    openSuppressions: async (argument) => {
      const root = parseAnomaly(argument)?.root ?? (await chooseFolder(argument));
      if (root !== undefined) await openSuppressions(root);
    },
    showLearned: async (argument) => {
      const root = await chooseFolder(argument);
      if (root !== undefined) await openReport(learnedUri(root));
    },
  };
}
