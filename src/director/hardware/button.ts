// The reset button: what was meant by how long it was held. Pure.

/** Milliseconds that it is held for each. */
const LONG = 5000;
const VERY_LONG = 15_000;

/** `short`: on release. The others while it is still held, so that whoever holds it sees that it was enough. */
export type Pressed = 'short' | 'long' | 'very long';

export interface ButtonState {
  /** Monotonic milliseconds since when it is held; null: it is not. */
  readonly since: number | null;
  /** What the present press was so far. */
  readonly told: Pressed | null;
  /** It has been seen released. One that is stuck from the beginning says nothing. */
  readonly isTrusted: boolean;
}

export const NEW_BUTTON: ButtonState = { since: null, told: null, isTrusted: false };

/** What a look at the button makes of it. */
export function afterLook(
  state: ButtonState,
  isHeld: boolean,
  now: number,
): { readonly state: ButtonState; readonly pressed: Pressed | null } {
  const { since, told, isTrusted } = state;
  if (!isHeld) {
    const pressed = since !== null && told === null ? 'short' : null;
    return { state: { since: null, told: null, isTrusted: true }, pressed };
  }
  if (!isTrusted) return { state, pressed: null };
  const held = now - (since ?? now);
  const pressed =
    held >= VERY_LONG && told === 'long' ? 'very long' : held >= LONG && told === null ? 'long' : null;
  return { state: { since: since ?? now, told: pressed ?? told, isTrusted }, pressed };
}
