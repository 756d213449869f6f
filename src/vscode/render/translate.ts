/** Turns an English message with `{0}` places into the user's language; in the editor this is `vscode.l10n.t`. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** The English message itself, for hosts without a bundle and for tests. */
export const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
