// The macvlan interfaces of virtual MACs as the kernel is asked for them.
import test from 'ava';
import { createLog } from '../../src/director/log.ts';
import { Interfaces } from '../../src/director/vrrp/interfaces.ts';
import { Requests } from '../../src/director/vrrp/requests.ts';
import { VirtualLinks } from '../../src/director/vrrp/virtual-links.ts';
import { virtualMac, virtualMacName } from '../../src/director/vrrp/virtual-mac.ts';
import {
  decodeLink,
  decodeLinkRemoval,
  deleteLink,
  type NewMacvlan,
  newMacvlan,
} from '../../src/netlink/link.ts';
import type { Message } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';
import { INSTANCE } from '../control/sample.ts';
import { notify, serve } from '../netlink/kernel.ts';
import { toHex } from './bytes.ts';

const RTM_GETLINK = 18;
const VMAC = { name: null, transmitFromBase: false };
const WEB = { ...INSTANCE, virtualMac: VMAC };
const OURS: NewMacvlan = { name: 'vrrp.51', lower: 2, hardware: virtualMac(4, 51), group: 18 };
const SETTINGS = ['vrrp.51/arp_ignore', 'vrrp.51/rp_filter', 'eth0/arp_ignore', 'eth0/arp_announce'];

const base = new MessageWriter(16, 0).put32(0).put32(2).put32(0x41).put32(0).text(3, 'eth0').finish().slice();

/** A notification of a macvlan. */
function macvlan(index: number, more: Partial<NewMacvlan> = {}): Uint8Array {
  const message = newMacvlan({ ...OURS, ...more }).slice();
  new DataView(message.buffer).setUint32(20, index, true);
  return message;
}

/** A machine with eth0, of index 2. `refuse`: the errno of what is created. */
async function setUp(refuse = 0, present: readonly Uint8Array[] = []) {
  const asked: string[] = [];
  const sockets: FakeSocket[] = [];
  const platform = createFake({
    files: Object.fromEntries(SETTINGS.map(path => [`/proc/sys/net/ipv4/conf/${path}`, '0'])),
    onSocket(socket) {
      sockets.push(socket);
      serve(socket, (request: Message) => {
        if (request.type === RTM_GETLINK) return { data: [base, ...present] };
        const gone = decodeLinkRemoval(request);
        const link = decodeLink(request);
        if (gone !== null) asked.push(`delete ${gone}`);
        else if (link?.kind)
          asked.push(`create ${link.name} ${toHex(link.hardware)} on ${link.lower} group ${link.group}`);
        else if (link?.index) asked.push(`${link.up ? 'up' : 'down or other'} ${link.index}`);
        return { errno: link?.kind ? refuse : 0 };
      });
    },
  });
  const interfaces = new Interfaces(platform, {
    ready() {},
    changed: () => links.refresh(),
    addressRemoved() {},
  });
  const links = new VirtualLinks(platform, createLog(platform, 'vrrp'), interfaces, new Requests(platform));
  const settle = async () => {
    for (let round = 0; round < 5; round++) {
      await new Promise(resolve => setImmediate(resolve));
      platform.clock.settle();
    }
  };
  const tell = async (message: Uint8Array) => {
    notify(sockets[0]!, message);
    await settle();
  };
  await settle();
  return { platform, links, asked, settle, tell };
}

test('7.3: the virtual MAC tells family and number of the group', t => {
  t.is(toHex(virtualMac(4, 51)), '00005e000133');
  t.is(toHex(virtualMac(6, 255)), '00005e0002ff');
  t.is(virtualMacName(INSTANCE), null);
  t.is(virtualMacName(WEB), 'vrrp.51');
  t.is(virtualMacName({ ...WEB, family: 6 }), 'vrrp6.51');
  t.is(virtualMacName({ ...WEB, virtualMac: { ...VMAC, name: 'web' } }), 'web');
});

test('it is made once, down, and made ready when it is there', async t => {
  const { platform, links, asked, settle, tell } = await setUp();
  links.keep([WEB]);
  links.keep([WEB]);
  await settle();
  t.deepEqual(asked, ['create vrrp.51 00005e000133 on 2 group 18']);
  t.is(links.raise('vrrp.51'), null);
  await tell(macvlan(7));
  const values = SETTINGS.map(path => platform.files.readText(`/proc/sys/net/ipv4/conf/${path}`));
  t.deepEqual(values, ['1', '0', '1', '2']);
});

test('it is up while it is needed', async t => {
  const { links, asked, settle, tell } = await setUp();
  links.keep([WEB]);
  await tell(macvlan(7));
  asked.length = 0;
  t.is(links.raise('vrrp.51'), 7);
  t.is(links.raise('vrrp.51'), 7);
  links.lower('vrrp.51');
  links.lower('vrrp.51');
  await settle();
  t.deepEqual(asked, ['up 7', 'down or other 7']);
});

test('one that is gone is made again, and set up again', async t => {
  const { links, asked, tell } = await setUp();
  links.keep([WEB]);
  await tell(macvlan(7));
  links.raise('vrrp.51');
  asked.length = 0;
  await tell(deleteLink(7));
  t.deepEqual(asked, ['create vrrp.51 00005e000133 on 2 group 18']);
  t.is(links.raise('vrrp.51'), null);
  await tell(macvlan(8));
  t.is(links.raise('vrrp.51'), 8);
  t.is(asked.at(-1), 'up 8');
});

test('it goes with its instance; one that does not fit is replaced', async t => {
  const { links, asked, settle, tell } = await setUp();
  links.keep([WEB]);
  await tell(macvlan(7));
  asked.length = 0;
  links.keep([{ ...WEB, virtualRouterId: 52, virtualMac: { ...VMAC, name: 'vrrp.51' } }]);
  await settle();
  t.deepEqual(asked, ['delete 7']);
  await tell(deleteLink(7));
  t.is(asked.at(-1), 'create vrrp.51 00005e000134 on 2 group 18');
  await tell(macvlan(8, { hardware: virtualMac(4, 52) }));
  links.keep([]);
  await settle();
  t.is(asked.at(-1), 'delete 8');
});

test('an interface of somebody else is left alone, and told once', async t => {
  const { platform, links, asked, settle } = await setUp(0, [macvlan(7, { group: 0 })]);
  links.keep([WEB]);
  links.refresh();
  await settle();
  t.deepEqual(asked, []);
  t.is(platform.output.errors.split('there is another interface of that name').length, 2);
});

test('what the kernel refuses is told once, and tried again when interfaces change', async t => {
  const { platform, links, asked, settle } = await setUp(95);
  links.keep([WEB]);
  await settle();
  links.refresh();
  await settle();
  t.is(asked.length, 2);
  t.is(platform.output.errors.split('no virtual MAC on vrrp.51: EOPNOTSUPP').length, 2);
});
