// The director beside Debian's keepalived in one group: who is master through crashes, farewells, cables and reloads. tshark decodes
// every packet that the director sends on the way.
import baseTest from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector } from './director/director.ts';
import { ENCOUNTERS } from './vrrp/encounters.ts';
import { withoutKeepalived } from './vrrp/keepalived.ts';
import { type Dialect, Rivals } from './vrrp/rivals.ts';
import { sideBySide } from './vrrp/side-by-side.ts';
import { withoutTshark } from './vrrp/wire.ts';

const missing = withoutKeepalived() ?? withoutTshark();
const test = missing === null ? baseTest : baseTest.skip;
if (missing !== null) console.error(missing);

const DIALECTS: Readonly<Record<string, Dialect>> = {
  'version 2': { version: 2, interval: 1 },
  'version 2 with a password': { version: 2, interval: 1, password: 'interop' },
  'version 3': { version: 3, interval: 1 },
  'version 3 by unicast': { version: 3, interval: 1, isUnicast: true },
  'version 3 on IPv6': { version: 3, interval: 1, family: 6 },
};

let binary = '';

baseTest.before(async () => {
  requireInside();
  binary = await buildDirector();
});

for (const [name, dialect] of Object.entries(DIALECTS)) {
  test(`${name} beside keepalived`, t =>
    sideBySide(
      t,
      ENCOUNTERS.map(({ title, run }) => ({
        title,
        async run(each) {
          const rivals = new Rivals(each, binary, dialect);
          await run(each, rivals);
          await rivals.isWellSpoken();
        },
      })),
    ));
}
