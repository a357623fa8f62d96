// What the card says of its erasures before a commit: two such readings tell the write amplification (flash/smart.ts).
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import { askCard } from '../flash/ata.ts';
import { findCard } from '../flash/disk.ts';
import { type EraseCount, eraseCountOf } from '../flash/smart.ts';
import { ask } from './ask.ts';
import type { Invocation } from './command.ts';

/** Null: the card's profile knows no such count, or the card cannot be asked. */
export async function readErasures(
  platform: Platform,
  invocation: Invocation,
  { flash }: Config,
): Promise<EraseCount | null> {
  const profile = flash?.card;
  const { totalErasures, averageErasures } = profile?.smart ?? {};
  if (profile === undefined || (totalErasures ?? averageErasures) === undefined) return null;
  // A card that hangs would keep this process in the kernel: control knows whether it answers.
  const answers = await ask(platform, invocation, 'card').then(
    () => true,
    () => false,
  );
  const card = answers ? findCard(platform, () => {}) : { missing: 'it does not answer' };
  if ('missing' in card) return null;
  return eraseCountOf(profile, askCard(platform, card.disk)?.attributes ?? []);
}
