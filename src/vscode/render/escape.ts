/** Controls, zero-width and bidirectional marks: what can hide or reorder text. */
// eslint-disable-next-line no-control-regex
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]/g;

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
