// What lies in the bytes beside the clock keeps clear of each other, and of what firmware keeps there.
import test from 'ava';
import { CLOCK_MEMORY, writeClockMemory } from '../../src/director/hardware/clock-memory.ts';
import { decodeEpitaph, encodeEpitaph } from '../../src/director/hardware/epitaph.ts';
import { isFactoryWished, wishForFactory } from '../../src/director/hardware/wish.ts';
import { createFake } from '../../src/platform/fake.ts';

const MEMORY = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';

test('a wish and an epitaph leave each other alone', t => {
  const platform = createFake({ files: { [MEMORY]: new Uint8Array(114).fill(7) } });
  const epitaph = { end: 'stuck', roles: ['control'], at: 1_800_000_000 } as const;
  t.false(isFactoryWished(platform));
  writeClockMemory(platform, CLOCK_MEMORY.epitaph, encodeEpitaph(epitaph));
  t.true(wishForFactory(platform, true));
  t.true(isFactoryWished(platform));
  const bytes = platform.files.read(MEMORY);
  t.is(bytes.length, 114);
  t.deepEqual(decodeEpitaph(bytes.subarray(98, 108)), epitaph);
  t.true(bytes.subarray(0, 98).every(byte => byte === 7));
  t.true(wishForFactory(platform, false));
  t.false(isFactoryWished(platform));
  t.deepEqual(decodeEpitaph(platform.files.read(MEMORY).subarray(98, 108)), epitaph);
});

test('a board without such memory wishes nothing', t => {
  const platform = createFake();
  t.false(wishForFactory(platform, true));
  t.false(isFactoryWished(platform));
});
