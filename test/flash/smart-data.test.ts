// What cards answer to IDENTIFY DEVICE and SMART, byte by byte.
import test from 'ava';
import { askCard } from '../../src/director/flash/ata.ts';
import { describeFacts } from '../../src/director/flash/describe-card.ts';
import { parseIdentity } from '../../src/director/flash/identify.ts';
import { failingAttributes, parseSmartData, parseThresholds } from '../../src/director/flash/smart-data.ts';
import { createFake, systemError } from '../../src/platform/fake.ts';

/** Entries behind a version, with the checksum that makes the sum of all bytes 0. */
function page(entries: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(512);
  bytes[0] = 16;
  entries.forEach((entry, index) => {
    bytes.set(entry, 2 + index * 12);
  });
  bytes[511] = 256 - (bytes.reduce((sum, byte) => sum + byte, 0) & 0xff);
  return bytes;
}

const DATA = page([
  [164, 0x12, 0, 100, 100, 0x00, 0xc8, 0, 0, 0, 0],
  [161, 0x13, 0, 9, 9, 98, 0, 0, 0, 0, 1],
]);
const THRESHOLDS = page([
  [164, 0],
  [161, 10],
]);

/** A card of 125,440 sectors with SMART. */
function identity(): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  const put = (first: number, length: number, text: string) => {
    const padded = text.padEnd(length);
    for (let at = 0; at < length; at++) bytes[first * 2 + (at ^ 1)] = padded.charCodeAt(at);
  };
  view.setUint16(0, 0x848a, true);
  put(10, 20, 'X0505 2004');
  put(23, 8, 'Rev 1.10');
  put(27, 40, 'InnoDisk iCF9000');
  view.setUint16(59 * 2, 0x101, true);
  view.setUint32(60 * 2, 125_440, true);
  view.setUint16(82 * 2, 1, true);
  view.setUint16(83 * 2, 0x4004, true);
  view.setUint16(85 * 2, 1, true);
  return bytes;
}

test('attributes have a value and six bytes behind it', t => {
  t.deepEqual(parseSmartData(DATA), [
    { id: 164, value: 100, raw: 51_200 },
    { id: 161, value: 9, raw: 98 + 2 ** 40 },
  ]);
  const wrong = DATA.slice();
  wrong[20] = 1;
  t.is(parseSmartData(wrong), null);
  t.is(parseSmartData(new Uint8Array(100)), null);
});

test('an attribute at its threshold foretells the end; a threshold of 0 is none', t => {
  t.deepEqual(failingAttributes(parseSmartData(DATA)!, parseThresholds(THRESHOLDS)!), [161]);
  t.deepEqual(failingAttributes([{ id: 1, value: 0, raw: 0 }], new Map([[1, 0]])), []);
});

test('the identity says what the card is', t => {
  t.deepEqual(parseIdentity(identity()), {
    model: 'InnoDisk iCF9000',
    serial: 'X0505 2004',
    firmware: 'Rev 1.10',
    sectors: 125_440,
    isCompactFlash: true,
    hasSmart: true,
    hasTrim: false,
    multiple: 1,
  });
  t.is(parseIdentity(new Uint8Array(512)), null);
});

test('a card is asked by commands that read', t => {
  const platform = createFake({ files: { '/dev/sda': '' } });
  const asked: number[][] = [];
  platform.files.devices.set('/dev/sda', (request, argument) => {
    const [command, , feature] = argument;
    asked.push([request, command!, feature!]);
    argument.set(command === 0xec ? identity() : feature === 0xd0 ? DATA : THRESHOLDS, 4);
    return 0;
  });
  const facts = askCard(platform, 'sda')!;
  t.deepEqual(asked, [
    [0x31f, 0xec, 0],
    [0x31f, 0xb0, 0xd0],
    [0x31f, 0xb0, 0xd1],
  ]);
  t.deepEqual(facts.failing, [161]);
  t.is(
    describeFacts(facts),
    `sda says
  model  InnoDisk iCF9000, firmware Rev 1.10, serial number X0505 2004
  is     CompactFlash, 61 MiB
  SMART  164: 100, raw 51200
         161: 9, raw 1099511627874, FAILING: at its threshold
`,
  );
});

test('a card that refuses SMART is known all the same, one that refuses everything is not', t => {
  const platform = createFake({ files: { '/dev/sda': '', '/dev/sdb': '' } });
  platform.files.devices.set('/dev/sda', (_, argument) => {
    if (argument[0] === 0xb0) throw systemError('EIO', 'ioctl', 'sda');
    argument.set(identity(), 4);
    return 0;
  });
  t.like(askCard(platform, 'sda'), { attributes: null, failing: [] });
  t.is(askCard(platform, 'sdb'), null);
  t.is(askCard(platform, 'sdc'), null);
});
