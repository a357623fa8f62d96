// The front of the board at work: LEDs that follow the signs, and the reset button.
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import { afterLook, NEW_BUTTON, type Pressed } from './button.ts';
import { ButtonPin } from './button-pin.ts';
import { findLeds, type Led, light, type Shine, type Signs, shineOf, shineStopped } from './leds.ts';
import { isFactoryWished, wishForFactory } from './wish.ts';

/** Milliseconds between two looks at the signs, and at the button: a finger is longer than that. */
const LED_PERIOD = 1000;
const BUTTON_PERIOD = 100;

const CONSOLE = '/dev/console';
const REBOOT = '/sbin/reboot';

/** The answer to `thermal`, as far as the front goes. */
export interface FrontStatus {
  readonly leds: readonly Led[];
  /** The button can be read. */
  readonly button: boolean;
  /** At the next boot the console asks whether to start with the factory configuration. */
  readonly factoryWished: boolean;
}

export interface FrontPanel {
  readonly status: FrontStatus;
  /** The director ends: the LEDs say so. */
  close(): void;
}

export interface FrontPanelOptions {
  readonly log: Log;
  /** The pin of the reset button; null: none that can be read. */
  readonly button: number | null;
  /** Without what this part knows by itself. */
  signs(): Signs;
  /** What a short press shows on the console. */
  describe(): Promise<string>;
}

export function createFrontPanel(
  platform: Platform,
  { log, button, signs, describe }: FrontPanelOptions,
): FrontPanel {
  const { clock, files, processes } = platform;
  let leds: readonly Led[] = findLeds(files);
  const shown = new Map<Led, Shine>();
  const pin = button === null ? null : openPin(platform, button, log);
  let state = NEW_BUTTON;
  let isWished = pin !== null && isFactoryWished(platform);
  const timers = new Map<'leds' | 'button', Timer>();

  function showAll(shine: (led: Led) => Shine): void {
    for (const led of leds) show(led, shine(led));
  }

  function show(led: Led, shine: Shine): void {
    if (String(shown.get(led)) === String(shine)) return;
    try {
      light(files, led, shine);
      shown.set(led, shine);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.error(`LED ${led.name} is left alone: ${error.message}`);
      leds = leds.filter(each => each !== led);
    }
  }

  function followSigns(): void {
    timers.set('leds', platform.after(LED_PERIOD, followSigns));
    const now = signs();
    showAll(({ role }) => shineOf(role, { ...now, alarm: now.alarm || isWished }));
  }

  function lookAt(button: ButtonPin): void {
    try {
      const { state: next, pressed } = afterLook(state, button.isHeld(), clock.monotonic());
      state = next;
      if (pressed !== null) press(pressed);
      timers.set(
        'button',
        platform.after(BUTTON_PERIOD, () => lookAt(button)),
      );
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.error(`the reset button cannot be read any more: ${error.message}`);
      button.close();
    }
  }

  function press(pressed: Pressed): void {
    if (pressed === 'short') {
      log.info('the reset button was pressed: the state is on the console');
      describe().then(say, (error: unknown) => say(`the state is not known: ${String(error)}`));
    } else if (pressed === 'long') {
      toggleWish();
    } else {
      log.warn('the reset button was held for long: the board restarts');
      say('The board restarts.');
      attempt('restart', () => processes.spawn(REBOOT, ['reboot'], [-1, -1, -1]));
    }
  }

  function toggleWish(): void {
    const kept = wishForFactory(platform, !isWished);
    if (kept) isWished = !isWished;
    const told = !kept
      ? 'This board has no memory that outlives a restart: the reset button cannot ask for the factory configuration.'
      : isWished
        ? 'At the next boot the console asks whether to start with the factory configuration. To take that back hold the button\n' +
          'again; to restart now go on holding it. A board without a battery forgets it when its power is cut.'
        : 'The next boot is as any other.';
    log.warn(`the reset button was held: ${told.replace('\n', ' ')}`);
    say(told);
  }

  function say(text: string): void {
    attempt('console', () => {
      const console = files.openPipe(CONSOLE);
      try {
        console.write(new TextEncoder().encode(`\n${text}\n`));
      } finally {
        console.close();
      }
    });
  }

  function attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.error(`${what}: ${error.message}`);
    }
  }

  if (leds.length > 0) followSigns();
  if (pin !== null) lookAt(pin);
  return {
    get status() {
      return { leds, button: pin !== null, factoryWished: isWished };
    },
    close() {
      for (const timer of timers.values()) timer.cancel();
      showAll(({ role }) => shineStopped(role));
      pin?.close();
    },
  };
}

function openPin(platform: Platform, pin: number, log: Log): ButtonPin | null {
  try {
    const found = ButtonPin.open(platform, pin);
    if (found === null) log.warn('the reset button cannot be read: the GPIO chip of this board is not there');
    return found;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.error(`the reset button cannot be read: ${error.message}`);
    return null;
  }
}
