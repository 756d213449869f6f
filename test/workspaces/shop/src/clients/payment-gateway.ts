import { DependencyUnavailableError, PaymentDeclinedError } from '../domain/errors.ts';
import type { Clock } from '../runtime/clock.ts';
import { logNormal, type Random } from '../runtime/random.ts';

export interface PaymentGatewayOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Shares of all charges, from 0 to 1. */
  readonly declineRate: number;
  readonly outageRate: number;
}

/** Stands in for the bank: it takes a bank's time, and says no as often as a bank does. */
export class PaymentGateway {
  readonly #options: PaymentGatewayOptions;

  constructor(options: PaymentGatewayOptions) {
    this.#options = options;
  }

  async charge(customerId: string, amountCents: number): Promise<{ readonly reference: string }> {
    const { clock, random, declineRate, outageRate } = this.#options;
    await clock.sleep(logNormal(random, 28, 0.35));
    const outcome = random();
    if (outcome < outageRate) throw new DependencyUnavailableError('the payment gateway');
    if (outcome < outageRate + declineRate) throw new PaymentDeclinedError('insufficient funds');
    return { reference: `pay-${customerId}-${amountCents}-${clock.now().getTime().toString(36)}` };
  }
}
