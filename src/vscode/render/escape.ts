/** Controls, zero-width and bidirectional marks, fillers: what can hide or reorder text. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\p{Variation_Selector}|\u115f|\u1160|\u3164|\uffa0/gu;

const longest = 200;

/** Untrusted text as one visible line: no controls, no reordering marks, no lone surrogates, cut at `limit` UTF-16 units. */
export function oneLine(text: string, limit = longest): string {
  const head = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const visible = head
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(invisible, '\ufffd')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
  return visible.length > limit ? `${visible.slice(0, limit - 1).replace(/\p{Surrogate}/gu, '')}…` : visible;
}

/** Untrusted text that Markdown shows as it is: every ASCII punctuation mark escaped, so no link, tag, table cell or emphasis starts in it. */
export function escapeMarkdown(text: string, limit = longest): string {
  return oneLine(text, limit).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** Untrusted text for a label in which the editor turns `$(name)` into an icon. */
export function escapeLabel(text: string, limit = longest): string {
  return oneLine(text, limit).replaceAll('$(', '$ (');
}

/** A `command:` link whose arguments cannot end the link. */
export function commandLink(label: string, command: string, args: readonly unknown[]): string {
  const query = encodeURIComponent(JSON.stringify(args)).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${escapeMarkdown(label)}](command:${command}?${query})`;
}
