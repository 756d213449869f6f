/** A glob of test runners (`**`, `*`, `?`, `[..]`, `{a,b}`, `?(a|b)`) as an expression over whole posix paths. */
export function globExpression(glob: string): RegExp {
  try {
    return new RegExp(`^${translate(glob.replace(/^\.\//, ''))}$`);
  } catch {
    // What cannot be understood matches nothing.
    return /^\b$/;
  }
}

function translate(glob: string): string {
  let out = '';
  /** What ends each open group: `{a,b}` or `?(a|b)`. */
  const open: string[] = [];
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i] ?? '';
    const rest = glob.slice(i);
    if (rest.startsWith('**/')) {
      out += '(?:[^/]+/)*';
      i += 2;
    } else if (rest.startsWith('**')) {
      out += '.*';
      i++;
    } else if (/^[?*+@]\(/.test(rest)) {
      open.push(char === '@' ? ')' : `)${char}`);
      out += '(?:';
      i++;
    } else if (char === '*') out += '[^/]*';
    else if (char === '?') out += '[^/]';
    else if (char === '{') {
      open.push('}');
      out += '(?:';
    } else if (char === '}' && open.at(-1) === '}') {
      open.pop();
      out += ')';
    } else if (char === ')' && open.at(-1)?.startsWith(')') === true) out += open.pop() ?? '';
    else if (char === ',' && open.at(-1) === '}') out += '|';
    else if (char === '|' && open.at(-1)?.startsWith(')') === true) out += '|';
    else if (char === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end === -1) out += '\\[';
      else {
        out += `[${glob
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replaceAll('\\', '\\\\')}]`;
        i = end;
      }
    } else out += char.replace(/[.+^$()|\\{}\]]/g, '\\$&');
  }
  return out;
}
