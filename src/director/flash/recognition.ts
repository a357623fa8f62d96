// Whether a card that answers again is the one that was there before. Pure.
import type { Recognition } from './card-watch.ts';
import { newestOf } from './commit.ts';
import type { Decoded } from './store.ts';

/** What a card is known by. */
export interface CardMarks {
  /** `sda` */
  readonly disk: string;
  /** Of its MBR: 8 hexadecimal digits. */
  readonly signature: string;
  /** '' when it does not tell. */
  readonly serial: string;
  /** Sectors of 512 bytes. */
  readonly size: number;
  /** Sequence number and time of the last commit; null: it has none. */
  readonly commit: { readonly sequence: number; readonly time: number } | null;
  /** A further commit was begun, and is not known to be there. */
  readonly isBegun?: boolean;
}

/** The marks of a card, and the state of its config store. */
export interface FoundCard extends Omit<CardMarks, 'commit' | 'isBegun'> {
  readonly copies: readonly Decoded[];
}

export function marksOf({ copies, ...rest }: FoundCard): CardMarks {
  const newest = newestOf(copies);
  return { ...rest, commit: newest && { sequence: newest.sequence, time: newest.time } };
}

/** Compares what was found with what is known. */
export function recognise(known: CardMarks, found: FoundCard): Recognition {
  const another = (reason: string): Recognition => ({ kind: 'another', reason });
  if (found.signature !== known.signature) {
    return another(`its signature is ${found.signature}, not ${known.signature}`);
  }
  if (known.serial !== '' && found.serial !== '' && found.serial !== known.serial) {
    return another(`its serial number is ${found.serial}, not ${known.serial}`);
  }
  if (found.size !== known.size) return another(`it has ${found.size} sectors, not ${known.size}`);
  const { commit } = marksOf(found);
  const isLast = commit?.sequence === known.commit?.sequence && commit?.time === known.commit?.time;
  const isNext = known.isBegun === true && commit?.sequence === (known.commit?.sequence ?? 0) + 1;
  const isSame = isLast || isNext;
  const isSure = known.serial !== '' && found.serial !== '';
  const held = commit === null ? 'no commit' : `commit ${commit.sequence}`;
  const expected = known.commit === null ? 'no commit' : `commit ${known.commit.sequence}`;
  // Copies of one image differ in nothing else, when cards do not tell their numbers.
  if (!isSame && !isSure && commit !== null) return another(`it holds ${held}, not ${expected}`);
  const damage = found.copies.flatMap((copy, index) =>
    copy.state === 'damaged' ? [`copy ${index + 1} of the configuration is damaged: ${copy.reason}`] : [],
  );
  const notes = [...(isLast ? [] : [`it holds ${held}, not ${expected}`]), ...damage];
  return { kind: 'ours', note: notes.length === 0 ? null : notes.join('; ') };
}
