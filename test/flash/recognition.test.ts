// Which card it is that answers again.
import test from 'ava';
import { type FoundCard, marksOf, recognise } from '../../src/director/flash/recognition.ts';
import { type Decoded, SEED_LENGTH } from '../../src/director/flash/store.ts';

function copy(sequence: number, time = sequence * 1000): Decoded {
  const snapshot = { sequence, time, seed: new Uint8Array(SEED_LENGTH), config: new Uint8Array(1) };
  return { state: 'valid', snapshot };
}

const CARD: FoundCard = {
  disk: 'sda',
  signature: '0badcafe',
  serial: 'A1',
  size: 125_440,
  copies: [copy(4), copy(5)],
};
const KNOWN = marksOf(CARD);

test('a card is known by signature, serial number, size and last commit', t => {
  t.deepEqual(KNOWN, {
    disk: 'sda',
    signature: '0badcafe',
    serial: 'A1',
    size: 125_440,
    commit: { sequence: 5, time: 5000 },
  });
  t.deepEqual(recognise(KNOWN, CARD), { kind: 'ours', note: null });
  t.deepEqual(recognise(KNOWN, { ...CARD, disk: 'sdb' }), { kind: 'ours', note: null });
});

test('another signature, serial number or size is another card', t => {
  const reason = (found: Partial<FoundCard>) => {
    const as = recognise(KNOWN, { ...CARD, ...found });
    return as.kind === 'another' ? as.reason : as.kind;
  };
  t.is(reason({ signature: '00000000' }), 'its signature is 00000000, not 0badcafe');
  t.is(reason({ serial: 'B2' }), 'its serial number is B2, not A1');
  t.is(reason({ size: 1 }), 'it has 1 sectors, not 125440');
});

test('a card that does not tell its number is ours only with our last commit', t => {
  const silent = { ...CARD, serial: '' };
  t.is(recognise(marksOf(silent), silent).kind, 'ours');
  t.deepEqual(recognise(marksOf(silent), { ...silent, copies: [copy(4), copy(3)] }), {
    kind: 'another',
    reason: 'it holds commit 4, not commit 5',
  });
});

test('what our card has lost is said', t => {
  const damaged: Decoded = { state: 'damaged', reason: 'its checksum does not match' };
  t.deepEqual(recognise(KNOWN, { ...CARD, copies: [copy(4), damaged] }), {
    kind: 'ours',
    note: 'it holds commit 4, not commit 5; copy 2 of the configuration is damaged: its checksum does not match',
  });
  t.deepEqual(recognise(KNOWN, { ...CARD, copies: [damaged, copy(5)] }), {
    kind: 'ours',
    note: 'copy 1 of the configuration is damaged: its checksum does not match',
  });
});

test('a commit that was begun may be there, or not', t => {
  const silent = { ...CARD, serial: '' };
  const known = { ...marksOf(silent), isBegun: true };
  t.deepEqual(recognise(known, silent), { kind: 'ours', note: null });
  t.deepEqual(recognise(known, { ...silent, copies: [copy(6), copy(5)] }), {
    kind: 'ours',
    note: 'it holds commit 6, not commit 5',
  });
  t.is(recognise(known, { ...silent, copies: [copy(7), copy(5)] }).kind, 'another');
});
