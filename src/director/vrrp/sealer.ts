// Seals the advertisements of one instance: what leaves every interval is made anew only where it has changed.
import type { Sealable } from './advertisement.ts';
import { draftMessage, signMessage, sumMessage } from './advertisement.ts';
import { TRAILER_LENGTH } from './hmac.ts';
import { nextSequence } from './sequence.ts';

interface Sealed extends Sealable {
  readonly priority: number;
  readonly source: Uint8Array;
  /** One for each destination. */
  readonly messages: readonly Uint8Array[];
}

export class Sealer {
  #sealed: Sealed | null = null;
  #sequence = 0n;

  /**
   * The messages for `settings.destinations`, in their order; they are good until the next call. `wall`: milliseconds since 1970.
   */
  seal(
    { settings, checksumForm }: Sealable,
    priority: number,
    source: Uint8Array,
    wall: number,
  ): readonly Uint8Array[] {
    const last = this.#sealed;
    const fits =
      last !== null &&
      last.settings === settings &&
      last.checksumForm === checksumForm &&
      last.priority === priority &&
      last.source === source;
    const { authentication, destinations } = settings;
    if (fits && authentication.kind !== 'HMAC') return last.messages;
    const messages = fits
      ? last.messages
      : destinations.map(() => draftMessage(settings, priority, source.length));
    if (authentication.kind === 'HMAC') {
      this.#sequence = nextSequence(this.#sequence, wall, authentication.window);
      signAll(messages, settings, source, this.#sequence);
    }
    if (!fits || source.length === 16) {
      messages.forEach((message, index) => {
        sumMessage(message, source, destinations[index]!, checksumForm);
      });
    }
    this.#sealed = { settings, checksumForm, priority, source, messages };
    return messages;
  }
}

/** One signature does for all: it does not cover the destination. */
function signAll(
  messages: readonly Uint8Array[],
  settings: Sealable['settings'],
  source: Uint8Array,
  sequence: bigint,
): void {
  const [first, ...others] = messages;
  if (first === undefined) return;
  signMessage(first, settings, source, sequence);
  const at = first.length - TRAILER_LENGTH;
  for (const other of others) other.set(first.subarray(at), at);
}
