// What PHYs say of their cables.
import test from 'ava';
import { createLog } from '../../src/director/log.ts';
import { Linkbeat } from '../../src/director/vrrp/linkbeat.ts';
import { createFake } from '../../src/platform/fake.ts';
import { systemError } from '../../src/platform/fake-error.ts';

const GET_PHY = 0x8947;
const GET_REGISTER = 0x8948;

/** A machine whose eth1 has a PHY at address 3 with this status register, and no other. */
function setUp() {
  const phy = { status: 0x786d };
  const asked: string[] = [];
  const platform = createFake({
    onSocket(socket) {
      socket.onIoctl = (request, data) => {
        const name = String.fromCharCode(...data.subarray(0, data.indexOf(0)));
        if (name !== 'eth1') throw systemError('EOPNOTSUPP', 'ioctl', name);
        const view = new DataView(data.buffer, data.byteOffset);
        asked.push(
          `${request.toString(16)} phy ${view.getUint16(16, true)} register ${view.getUint16(18, true)}`,
        );
        if (request === GET_PHY) view.setUint16(16, 3, true);
        if (request === GET_REGISTER) view.setUint16(22, phy.status, true);
      };
    },
  });
  let changes = 0;
  const linkbeat = new Linkbeat(platform, createLog(platform, 'vrrp'), () => {
    changes += 1;
  });
  return { platform, phy, asked, linkbeat, changes: () => changes };
}

test('the status register of the PHY is read twice: the first time it tells of a loss that is over', t => {
  const { asked, linkbeat } = setUp();
  linkbeat.configure(['eth1']);
  t.is(linkbeat.hasLink('eth1'), true);
  t.deepEqual(asked, ['8947 phy 0 register 0', '8948 phy 3 register 1', '8948 phy 3 register 1']);
});

test('a pulled cable is noticed within a second, and told once', t => {
  const { platform, phy, linkbeat, changes } = setUp();
  linkbeat.configure(['eth1']);
  phy.status = 0x7849;
  platform.clock.advance(1000);
  t.is(linkbeat.hasLink('eth1'), false);
  platform.clock.advance(5000);
  t.is(changes(), 1);
  phy.status = 0x786d;
  platform.clock.advance(1000);
  t.is(linkbeat.hasLink('eth1'), true);
  t.is(changes(), 2);
});

test('of an interface without a PHY, and of one that is not listed, nothing is known', t => {
  const { platform, linkbeat } = setUp();
  linkbeat.configure(['eth0']);
  t.is(linkbeat.hasLink('eth0'), null);
  t.is(linkbeat.hasLink('eth1'), null);
  linkbeat.configure(['eth0']);
  t.is(platform.output.errors.split('has no PHY').length, 2);
});

test('when none is listed none is asked', t => {
  const { platform, asked, linkbeat } = setUp();
  linkbeat.configure(['eth1']);
  linkbeat.configure([]);
  const before = asked.length;
  platform.clock.advance(10_000);
  t.is(asked.length, before);
});
