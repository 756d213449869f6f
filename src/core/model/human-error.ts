/** An error whose message is meant for the user; anything else thrown is a bug and is logged with its stack. */
export class HumanError extends Error {
  override readonly name = 'HumanError';
}
