import test from 'ava';
import { purgeVirtualAddresses } from '../../src/director/network/purge.ts';
import { decodeAddressRemoval, newAddress } from '../../src/netlink/address.ts';
import type { Message } from '../../src/netlink/reader.ts';
import { createFake } from '../../src/platform/fake.ts';
import { bytes, hex } from '../netlink/hex.ts';
import { serve } from '../netlink/kernel.ts';
import { settled } from '../netlink/settled.ts';

const RTM_GETADDR = 22;

function setUp(refusal = 0) {
  const removed: string[] = [];
  const address = (last: string, protocol: number) =>
    newAddress({ interface: 2, address: bytes(`0a0000${last}`), prefix: 24, protocol }, false);
  const platform = createFake({
    onSocket: socket =>
      serve(socket, (request: Message) => {
        if (request.type === RTM_GETADDR) {
          return { data: [address('01', 0), address('50', 18), address('02', 19), address('51', 18)] };
        }
        const gone = decodeAddressRemoval(request);
        if (gone) removed.push(hex(gone.address));
        return { errno: refusal };
      }),
  });
  return { platform, removed };
}

test('exactly what carries the mark is taken off', async t => {
  const { platform, removed } = setUp();
  const purged = settled(platform, purgeVirtualAddresses(platform));
  t.is(await purged, 2);
  t.deepEqual(removed, ['0a000050', '0a000051']);
  t.true(platform.sockets[0]!.closed);
});

test('an address that is gone already is no error', async t => {
  const { platform } = setUp(99);
  const purged = settled(platform, purgeVirtualAddresses(platform));
  t.is(await purged, 2);
});

test('an address that cannot be taken off is one', async t => {
  const { platform } = setUp(1);
  const purged = settled(platform, purgeVirtualAddresses(platform));
  await t.throwsAsync(purged, { message: 'EPERM' });
  t.true(platform.sockets[0]!.closed);
});
