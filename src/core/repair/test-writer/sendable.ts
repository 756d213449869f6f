import type { CallSample } from '../../model/shape.ts';

/** Methods that telemetry describes whole: a body is never recorded. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
const VERBS = new Set([...WITHOUT_BODY, 'POST', 'PUT', 'PATCH']);
const SECRET_KEY =
  /(^|[._-])(token|secret|passw(or)?d|pwd|api[_-]?key|access[_-]?key|auth|authorization|session(id)?|sid|signature|sig|code|jwt|credential)s?$/i;
const SECRET_VALUE = /\beyJ[\w-]{8,}\.|\b(sk|pk|ghp|xox[a-z])[-_][\w-]{16,}|[A-Fa-f0-9]{40,}|[\w+/=-]{64,}/;

/** Why a recorded call cannot be sent again; null where it can. */
export function whyNotSendable({
  method,
  path,
  query,
}: Pick<CallSample, 'method' | 'path' | 'query'>): string | null {
  const whole = `${path}?${query}`;
  if (!VERBS.has(method)) return `${method.slice(0, 12)} cannot be sent by the test client`;
  if (!path.startsWith('/') || path.startsWith('//')) return 'its path is not one';
  if (whole.length > 300) return 'its address is too long for a test';
  if (whole.includes('(redacted)') || whole.includes('%28redacted%29')) return 'a secret in it was redacted';
  if (isSecret(whole) || [...new URLSearchParams(query).keys()].some((key) => SECRET_KEY.test(key)))
    return 'it seems to hold a secret';
  if (/[\p{Cc}\s]/u.test(whole)) return 'its address holds characters that no address has';
  return null;
}

/** True for text that has the look of a key or a token. */
function isSecret(text: string): boolean {
  return SECRET_VALUE.test(text);
}

/** True for a call whose body telemetry did not keep. */
export const needsBody = ({ method }: Pick<CallSample, 'method'>): boolean => !WITHOUT_BODY.has(method);
