import test from 'ava';
import { NetlinkError } from '../../src/netlink/errors.ts';
import { Attributes, readMessages } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { bytes, hex } from './hex.ts';
import { generator } from './random.ts';

test('a message is a header, a fixed part and padded attributes', t => {
  const writer = new MessageWriter(0x12, 0x400).put8(10).put8(0).put16(0x1234).put32(0xdeadbeef);
  writer
    .u8(1, 0xff)
    .u16(2, 0x1234)
    .u32(3, 0x12345678)
    .be16(4, 80)
    .be32(5, 0xffffff00)
    .bytes(6, bytes('0000010000000003'))
    .text(7, 'va')
    .bytes(8, bytes('0102030405'))
    .nest(9, () => writer.u8(1, 2));
  t.is(
    hex(writer.finish()),
    hex(
      bytes(`6c000000 1200 0104 00000000 00000000 0a00 3412 efbeadde
        05000100 ff000000 06000200 34120000 08000300 78563412 06000400 00500000 08000500 ffffff00
        0c000600 0000010000000003 07000700 76610000 09000800 0102030405000000 0c000980 05000100 02000000`),
    ),
  );
});

test('what was written is read back', t => {
  const writer = new MessageWriter(1, 0).put32(0);
  writer
    .u8(1, 200)
    .u16(2, 60000)
    .u32(3, 4e9)
    .be16(4, 8080)
    .be32(5, 4e9)
    .bytes(6, bytes('0100000000001000'))
    .text(7, 'eth0ü')
    .nest(8, () => {
      writer.nest(1, () => writer.u8(5, 1));
      writer.nest(1, () => writer.u8(5, 2));
    });
  readMessages(writer.finish(), message => {
    const attributes = new Attributes(message.payload, 4);
    t.is(attributes.u8(1), 200);
    t.is(attributes.u16(2), 60000);
    t.is(attributes.u32(3), 4e9);
    t.is(attributes.be16(4), 8080);
    t.is(attributes.be32(5), 4e9);
    t.is(attributes.u64(6), 2 ** 52 + 1);
    t.is(attributes.text(7), 'eth0ü');
    t.deepEqual(
      attributes.list(8).map(element => element.u8(5)),
      [1, 2],
    );
    t.is(attributes.u8(99), null);
    t.false(attributes.isEmpty);
    t.true(new Attributes(new Uint8Array(0)).isEmpty);
  });
});

test('a buffer that has to grow while an attribute is written loses nothing', t => {
  const long = 'x'.repeat(300);
  const writer = new MessageWriter(1, 0).text(1, long).bytes(2, new Uint8Array(700).fill(7));
  writer.putBytes(new Uint8Array(2000).fill(9));
  const message = writer.finish();
  const attributes = new Attributes(message.subarray(0, message.length - 2000), 16);
  t.is(attributes.text(1), long);
  t.deepEqual(attributes.bytes(2), new Uint8Array(700).fill(7));
  t.is(message.at(-1), 9);
});

test('several messages in one datagram are read one by one', t => {
  const one = new MessageWriter(16, 0).put8(1).finish();
  const datagram = new Uint8Array(40);
  datagram.set(one, 0);
  datagram.set(new MessageWriter(17, 0).put32(5).finish(), 20);
  const types: number[] = [];
  readMessages(datagram, message => types.push(message.type, message.payload.length));
  t.deepEqual(types, [16, 1, 17, 4]);
});

for (const [what, text] of [
  ['a header that is cut off', '10000000 1000'],
  ['a length below the header', '0f000000 1000 0000 00000000 00000000'],
  ['a length beyond the datagram', '14000000 1000 0000 00000000 00000000'],
] as const) {
  test(`${what} is an error`, t => {
    t.is(t.throws(() => readMessages(bytes(text), () => {}), { instanceOf: NetlinkError }).code, 'EBADMSG');
  });
}

for (const [what, text] of [
  ['an attribute shorter than its own header', '03000100'],
  ['an attribute that reaches beyond the message', '09000100 00000000'],
] as const) {
  test(`${what} is an error`, t => {
    const attributes = new Attributes(bytes(text));
    t.is(t.throws(() => attributes.u32(7), { instanceOf: NetlinkError }).code, 'EBADMSG');
  });
}

test('an attribute too short for its type is an error', t => {
  const attributes = new Attributes(bytes('06000100 12340000'));
  t.throws(() => attributes.u32(1), { instanceOf: NetlinkError });
  t.is(attributes.u16(1), 0x3412);
});

test('attributes are found in any order, as often as they are asked for', t => {
  const writer = new MessageWriter(1, 0).u8(1, 11).u8(2, 12).u8(3, 13);
  const attributes = new Attributes(writer.finish(), 16);
  for (const type of [1, 2, 3, 3, 1, 9, 2, 1, 9, 9, 3]) {
    t.is(attributes.u8(type), type === 9 ? null : type + 10);
  }
});

test('a fixed part that is cut off is an error', t => {
  t.throws(() => new Attributes(new Uint8Array(3), 4), { instanceOf: NetlinkError });
});

test('garbage is refused or read, never anything else', t => {
  const seed = Number(process.env.SEED ?? 20260101);
  t.log(`seed ${seed}`);
  const random = generator(seed);
  for (let round = 0; round < 20_000; round += 1) {
    const datagram = Uint8Array.from({ length: random(80) }, () => random(256));
    // Plausible lengths get further than random ones.
    if (datagram.length >= 20 && random(2)) {
      datagram.set([datagram.length, 0, 0, 0]);
      datagram[17] = 0;
    }
    try {
      readMessages(datagram, message => {
        const attributes = new Attributes(message.payload);
        for (let type = 0; type < 8; type += 1) {
          attributes.text(type);
          attributes.u32(type);
          attributes.u64(type);
          attributes.list(type);
        }
      });
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
    }
  }
  t.pass();
});
