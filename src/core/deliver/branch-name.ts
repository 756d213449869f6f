/** Longest slug; a branch name is read in lists and typed by hand. */
const longestSlug = 40;

/** `suture/<first 8 of the fingerprint>-<title as words of a-z and 0-9>`: a valid branch name whatever the title holds. */
export function branchName(fix: { readonly fingerprint: string; readonly title: string }): string {
  const id = plain(fix.fingerprint).replaceAll('-', '').slice(0, 8) || 'fix';
  const words = plain(fix.title).split('-');
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, longestSlug) : `${slug}-${word}`;
    if (longer.length > longestSlug) break;
    slug = longer;
  }
  return slug === '' ? `suture/${id}` : `suture/${id}-${slug}`;
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
