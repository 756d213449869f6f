import { remembered } from './mask.ts';

/** What stands in place of a value that is nobody's business. */
export const REDACTED = '(redacted)';

/** Within any name. */
const SECRET_PARTS = [
  'token',
  'passw',
  'secret',
  'session',
  'apikey',
  'api_key',
  'email',
  'credential',
  'cookie',
  'authoriz',
  'bearer',
];
/** As a word of its own, in `snake_case`, `kebab-case` or `camelCase`. */
const SECRET_WORDS = new Set(
  'key keys auth oauth pwd pass passphrase sid sess jwt sig signature otp pin ssn mail phone card cvv cvc iban csrf xsrf nonce'.split(
    ' ',
  ),
);
const EMAIL = /[^\s@/"'<>()]+(?:@|%40)[^\s@/"'<>()]+\.[\p{L}]{2,}/iu;
const EMAILS = new RegExp(EMAIL.source, 'giu');
const JWT = /\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/u;
const JWTS = new RegExp(JWT.source, 'gu');
const KNOWN_TOKEN =
  /^(?:sk|pk|rk)_(?:live|test)_|^gh[pousr]_|^xox[abprs]-|^AKIA[A-Z\d]{12}|^bearer(?: |%20|\+)/iu;
const TOKEN = /^[\w+/=.~-]+$/u;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/giu;

/** True for names of parameters whose values must not be kept: token, password, key, auth, session, email and their like. */
export const isSecretName = remembered((name: string): boolean => {
  const lower = name.toLowerCase();
  if (SECRET_PARTS.some((part) => lower.includes(part))) return true;
  return name
    .replace(/(?<=[a-z\d])(?=[A-Z])/gu, ' ')
    .toLowerCase()
    .split(/[^a-z\d]+/u)
    .some((word) => SECRET_WORDS.has(word));
});

/** True for what looks like a token, a JWT or an e-mail address whatever its name; UUIDs and short hexadecimal ids do not. */
export function isSecretValue(value: string): boolean {
  if (value.length < 5) return false;
  if ((value.includes('@') || value.includes('%40')) && EMAIL.test(value)) return true;
  if (value.includes('eyJ') && JWT.test(value)) return true;
  if (value.length < 16) return false;
  if (KNOWN_TOKEN.test(value)) return true;
  const rest = value.replace(UUID, '');
  if (rest.length < 20 || !TOKEN.test(rest)) return false;
  const digits = /\d/u.test(rest);
  const mixed = /[a-z]/u.test(rest) && /[A-Z]/u.test(rest);
  return digits && (mixed || rest.length >= 32);
}

/** Text of an exception without e-mail addresses and JWTs. */
export function redactText(text: string): string {
  if (!text.includes('@') && !text.includes('eyJ') && !text.includes('%40')) return text;
  return text.replace(EMAILS, REDACTED).replace(JWTS, REDACTED);
}
