// The question that a long press on the reset button leaves for the next boot: start with the factory configuration? Asked on the
// console; who does not answer keeps the committed one, so that a button that was leaned upon changes nothing.
import { isSystemError, type Pipe, type Platform } from '../../platform/platform.ts';
import { isFactoryWished, wishForFactory } from '../hardware/wish.ts';

const CONSOLE = '/dev/console';

/** Milliseconds to answer, and between two looks whether somebody has. */
const PATIENCE = 30_000;
const LOOK = 200;

const QUESTION = `
The reset button was held: start with the factory configuration, in which root has no password?
Nothing on the card is changed. Type yes within ${PATIENCE / 1000} s: `;

/** True when it was wished for and somebody said yes. The wish is over either way. */
export async function asksForFactory(platform: Platform, say: (text: string) => void): Promise<boolean> {
  if (!isFactoryWished(platform)) return false;
  wishForFactory(platform, false);
  const isYes = await ask(platform);
  say(
    isYes
      ? 'the factory configuration, as the reset button asked'
      : 'nobody said yes to the factory configuration',
  );
  return isYes;
}

async function ask(platform: Platform): Promise<boolean> {
  const console = open(platform);
  if (console === null) return false;
  try {
    console.write(new TextEncoder().encode(QUESTION));
    const until = platform.clock.monotonic() + PATIENCE;
    for (let answer = ''; platform.clock.monotonic() < until; ) {
      await new Promise<void>(resolve => platform.after(LOOK, resolve));
      answer += heard(console);
      if (/[\r\n]/.test(answer)) return /^\s*y(es)?\s*$/i.test(answer);
    }
    return false;
  } finally {
    console.close();
  }
}

function open({ files }: Platform): Pipe | null {
  try {
    return files.openPipe(CONSOLE);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** What was typed since; the console gives whole lines. */
function heard(console: Pipe): string {
  const bytes = new Uint8Array(64);
  try {
    return new TextDecoder().decode(bytes.subarray(0, console.read(bytes) ?? 0));
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}
