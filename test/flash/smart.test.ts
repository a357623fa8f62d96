// What cards say of their own wear, and the write amplification that follows from it, worked by hand.
import test from 'ava';
import { withCapacity } from '../../src/director/flash/card.ts';
import { shippedCard } from '../../src/director/flash/profiles.ts';
import {
  calibrate,
  eraseCountOf,
  readSmart,
  type SmartReading,
  type SmartWear,
  usedBySmart,
  wearOf,
} from '../../src/director/flash/smart.ts';

const INNODISK = shippedCard('innodisk-icf9000')!;
const CACTUS = shippedCard('cactus-503')!;

const NOTHING: SmartWear = {
  averageErasures: null,
  worstErasures: null,
  totalErasures: null,
  lifeLeft: null,
  spareBlocks: null,
};

function at(written: number, wear: Partial<SmartWear>): SmartReading {
  return { written, wear: { ...NOTHING, ...wear } };
}

test('attributes are read by what they mean on this card', t => {
  const attributes = [
    { id: 161, value: 100, raw: 98 },
    { id: 164, value: 100, raw: 51_200 },
    { id: 165, value: 100, raw: 77 },
    { id: 167, value: 100, raw: 50 },
    { id: 229, value: 93, raw: 0 },
  ];
  t.deepEqual(readSmart(INNODISK, attributes), {
    averageErasures: 50,
    worstErasures: 77,
    totalErasures: 51_200,
    lifeLeft: null,
    spareBlocks: 98,
  });
  t.deepEqual(readSmart(CACTUS, attributes), { ...NOTHING, lifeLeft: 0.93 });
  t.is(readSmart(shippedCard('transcend-cf')!, attributes), null);
  t.is(readSmart(INNODISK, []), null);
});

test('write amplification is erased bytes by written ones', t => {
  // 100 blocks of 64 to 128 KiB, one more or less, while 1 MiB was written: 99 x 64 / 1024 to 101 x 128 / 1024.
  const calibration = calibrate(
    INNODISK,
    at(0, { totalErasures: 500 }),
    at(1 << 20, { totalErasures: 600 }),
  )!;
  t.deepEqual(calibration.amplification, { least: 6.1875, most: 12.625 });
  t.is(
    calibration.reason,
    'write amplification measured: the card erased 100 blocks while 1.0 MiB were written',
  );
});

test('the erasures of the average block stand for the whole card', t => {
  const card = withCapacity(INNODISK, 100e6);
  const calibration = calibrate(card, at(0, { averageErasures: 10 }), at(1e9, { averageErasures: 31 }))!;
  // 20 to 22 times 100 MB while 1 GB was written.
  t.deepEqual(calibration.amplification, { least: 2, most: 2.2 });
});

test('less than what was written cannot have been erased', t => {
  const calibration = calibrate(INNODISK, at(0, { totalErasures: 0 }), at(1e9, { totalErasures: 10 }))!;
  t.deepEqual(calibration.amplification, { least: 1, most: 1 });
});

test('the count that is followed is the finest that the card has', t => {
  const { totalErasures, averageErasures } = INNODISK.smart;
  const attributes = [averageErasures!, totalErasures!].map((id, raw) => ({ id, value: 100, raw: raw + 7 }));
  t.deepEqual(eraseCountOf(INNODISK, attributes), { id: totalErasures, raw: 8 });
  t.deepEqual(eraseCountOf(INNODISK, attributes.slice(0, 1)), { id: averageErasures, raw: 7 });
  t.is(eraseCountOf(CACTUS, attributes), null);
  t.is(eraseCountOf(INNODISK, []), null);
  t.is(wearOf(INNODISK, { id: totalErasures!, raw: 8 })?.totalErasures, 8);
  t.is(wearOf(CACTUS, { id: totalErasures!, raw: 8 }), null);
});

test('too few erasures, no writes, or a card that begins anew calibrate nothing', t => {
  t.is(calibrate(INNODISK, at(0, { totalErasures: 0 }), at(1e6, { totalErasures: 9 })), null);
  t.is(calibrate(INNODISK, at(5, { totalErasures: 0 }), at(5, { totalErasures: 90 })), null);
  t.is(calibrate(INNODISK, at(0, { totalErasures: 900 }), at(1e6, { totalErasures: 9 })), null);
  t.is(calibrate(INNODISK, at(0, { lifeLeft: 1 }), at(1e9, { lifeLeft: 0.5 })), null);
});

test('the used part of a life is what the card says, or its erasures by its cycles', t => {
  t.deepEqual(usedBySmart(CACTUS, { ...NOTHING, lifeLeft: 0.75 }), { least: 0.25, most: 0.25 });
  t.deepEqual(usedBySmart(INNODISK, { ...NOTHING, averageErasures: 5000, worstErasures: 9000 }), {
    least: 0.05,
    most: 0.05,
  });
  t.is(usedBySmart(INNODISK, NOTHING), null);
});

test('without levelling the worst block counts', t => {
  const card = { ...INNODISK, levelling: 'none' as const };
  t.is(usedBySmart(card, { ...NOTHING, averageErasures: 5000, worstErasures: 90_000 })!.most, 0.9);
});

test('erasures of all blocks are spread over the card', t => {
  const card = withCapacity({ ...INNODISK, eraseBlock: { least: 65_536, most: 131_072 } }, 131_072_000);
  // 2,000 to 1,000 blocks; 1,000,000 erasures are 500 to 1,000 of each, of 100,000.
  t.deepEqual(usedBySmart(card, { ...NOTHING, totalErasures: 1_000_000 }), { least: 0.005, most: 0.01 });
});
