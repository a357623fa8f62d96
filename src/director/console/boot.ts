// director boot: run once by init, before the director starts. Takes the configuration from the card into memory and prepares what
// depends on it. Reads the card, never writes to it; whatever is wrong with the card, the board comes up and says so.
import type { Platform } from '../../platform/platform.ts';
import { findCard, readStore } from '../flash/disk.ts';
import { chooseNewest, type Snapshot } from '../flash/store.ts';
import { seedRandom } from '../system/entropy.ts';
import { prepareEtc } from '../system/etc.ts';
import { bootTroubles, keep } from '../system/kept.ts';
import { type Command, DONE, FAILED } from './command.ts';
import { asksForFactory } from './factory.ts';

/** What a board runs that has no configuration of its own. */
const FACTORY_CONFIG = '/etc/director/factory.conf';
const BUILD_FILE = '/etc/os-release';
const DEFAULT_ETC = '/run/etc';

export const boot: Command = {
  name: 'boot',
  usage: '[--etc DIR]',
  summary: 'takes the committed configuration from the card; run by init',
  operands: { least: 0, most: 0 },
  async run(platform, { runDirectory, etc }) {
    let troubled = false;
    const say = (text: string) => platform.printError(`boot: ${text}\n`);
    const trouble = (text: string) => {
      troubled = true;
      say(text);
    };
    /** Whatever fails here, a mistake of ours too, must not keep the rest from happening. */
    const attempt = <T>(what: string, action: () => T): T | null => {
      try {
        return action();
      } catch (error) {
        trouble(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      }
    };

    const damage: string[] = [];
    const snapshot = attempt('the card', () => {
      return committed(platform, say, text => {
        damage.push(text);
        trouble(text);
      });
    });
    attempt('the clock', () => raiseClock(platform, snapshot?.time ?? 0));
    attempt('random numbers', () => seedRandom(platform, snapshot?.seed ?? new Uint8Array(0)));
    const isFactory = await asksForFactory(platform, say).catch((error: unknown) => {
      trouble(`the reset button: ${String(error)}`);
      return false;
    });
    const own = isFactory ? undefined : snapshot?.config;
    const config = own ?? attempt('configuration', () => platform.files.read(FACTORY_CONFIG));
    const path = `${runDirectory}/director.conf`;
    attempt('configuration', () => platform.files.replace(path, config ?? '', 0o600));
    attempt('what is wrong with the card', () => keep(platform, bootTroubles(runDirectory), damage));
    attempt('login', () => prepareEtc(platform, path, etc ?? DEFAULT_ETC, trouble));
    return troubled ? FAILED : DONE;
  },
};

/** The newest configuration on the card, or null; `trouble` hears of whatever is not as it should be. */
function committed(
  platform: Platform,
  say: (text: string) => void,
  trouble: (text: string) => void,
): Snapshot | null {
  const card = findCard(platform, trouble);
  if ('missing' in card) {
    trouble(`${card.missing}: starting with the factory configuration`);
    return null;
  }
  const copies = readStore(platform, card.store);
  copies.forEach((copy, index) => {
    if (copy.state === 'damaged')
      trouble(`copy ${index + 1} of the configuration is damaged: ${copy.reason}`);
  });
  const newest = chooseNewest(copies);
  const chosen = newest === null ? undefined : copies[newest];
  if (newest === null || chosen?.state !== 'valid') {
    const isNew = copies.every(copy => copy.state === 'empty');
    (isNew ? say : trouble)('starting with the factory configuration');
    return null;
  }
  const { sequence, time } = chosen.snapshot;
  const day = new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  say(`configuration ${sequence} of ${day} UTC, copy ${newest + 1} on ${card.store}`);
  return chosen.snapshot;
}

/** The clock never starts before the build or the last commit, whatever a board without a battery believes. */
function raiseClock(platform: Platform, commit: number): void {
  const build = /^BUILD_TIME=(\d+)$/m.exec(platform.files.readText(BUILD_FILE))?.[1];
  const floor = Math.max(Number(build ?? 0) * 1000, commit);
  if (platform.clock.wall() < floor) platform.clock.setWall(floor);
}
