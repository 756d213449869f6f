/** Parses JSON with comments, trailing commas and a byte-order mark; undefined when it is broken. */
export function parseJsonc(text: string): unknown {
  try {
    return JSON.parse(withoutComments(text)) as unknown;
  } catch {
    return undefined;
  }
}

function withoutComments(text: string): string {
  // One pass over tokens: strings are kept whole, so that `//` in an address and `,]` in a text survive.
  const tokens =
    /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;
  return text.replace(/^\uFEFF/, '').replace(tokens, (token) => (token.startsWith('"') ? token : ''));
}
