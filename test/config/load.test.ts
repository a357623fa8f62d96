// A whole configuration, and the defaults of a short one.
import test from 'ava';
import { INSTANCE_DEFAULTS } from '../../src/director/config/vrrp-defaults.ts';
import { virtualAddress } from '../control/sample.ts';
import { goodConfig, instance, load, problemsOf, service } from './support.ts';

// After the example of a HOWTO of 2004, which many a director was set up by.
const HOWTO = `! Configuration File for keepalived
global_defs {
   router_id LVS_FOO  # <-- Replace this with a unique name (like LVS_WB or LVS_CGI)
}

# The vrrp_instance describes the VRRP parameters for this virtual server.
vrrp_instance VI_Z {
    state MASTER  # <-- make this BACKUP for backup virtual servers
    interface eth0
    virtual_router_id 42  # <-- replace 42 with a unique number
    priority 100
    advert_int 1
    virtual_ipaddress {
        192.0.2.241/21 # vip -- "floating" ip of LVS virtual host pool
    }
}

# Here we describe the real servers being multiplexed off a given floating ip.
virtual_server 192.0.2.241 80 { # 80 = http service, for www load balancing
    delay_loop 10  # number of seconds between real server connectvity checks
    lb_algo rr     # use round-robin connection allocation algorithm
    lb_kind DR     # use direct routing; can also be NAT, but don't do that.
    persistence_timeout 9600
    protocol TCP   # allocate connections to TCP port 80, as opposed to UDP port 80.

    real_server 192.0.2.105 80 { # www1
        weight 1     # higher number == give this machine more connections.
        TCP_CHECK {  # use simple TCP connectivity test for detecting up/down status.
          connect_timeout 3   # server is down if connection takes > 3 seconds
          connect_port    80  # test connection to TCP port 80
        }
    }
    real_server 192.0.2.168 80 { # www4
        weight 1
        HTTP_GET {
          url {
            path /alive.html
            status_code 200 301-302
          }
          url {
            path "/a b"
          }
        }
    }
}
`;

test('a keepalived.conf of old loads unchanged', t => {
  const config = goodConfig(HOWTO);
  t.is(config.globals.routerId, 'LVS_FOO');
  t.deepEqual(config.vrrpInstances, [
    {
      ...INSTANCE_DEFAULTS,
      family: 4,
      multicastGroup: '224.0.0.18',
      name: 'VI_Z',
      version: 2,
      initialState: 'MASTER',
      interface: 'eth0',
      virtualRouterId: 42,
      priority: 100,
      advertInterval: 1000,
      virtualAddresses: [virtualAddress('192.0.2.241', 21)],
      preempt: true,
      accept: true,
    },
  ]);
  const timing = {
    connectPort: 80,
    connectTimeout: 3000,
    retries: 1,
    delayBeforeRetry: 1000,
    interval: 10_000,
  };
  t.deepEqual(config.virtualServers, [
    {
      key: { kind: 'address', protocol: 'TCP', address: '192.0.2.241', port: 80 },
      scheduler: 'rr',
      persistenceTimeout: 9600,
      realServers: [
        {
          address: '192.0.2.105',
          port: 80,
          weight: 1,
          forwarding: 'DR',
          checks: [{ kind: 'TCP_CHECK', connectAddress: '192.0.2.105', ...timing }],
        },
        {
          address: '192.0.2.168',
          port: 80,
          weight: 1,
          forwarding: 'DR',
          checks: [
            {
              kind: 'HTTP_GET',
              urls: [
                {
                  path: '/alive.html',
                  statusCodes: [
                    { from: 200, to: 200 },
                    { from: 301, to: 302 },
                  ],
                },
                { path: '/a b', statusCodes: [{ from: 200, to: 299 }] },
              ],
              connectAddress: '192.0.2.168',
              ...timing,
              connectTimeout: 5000,
              delayBeforeRetry: 3000,
            },
          ],
        },
      ],
    },
  ]);
});

test('the same text with carriage returns, tabs or no spaces to spare means the same', t => {
  const config = goodConfig(HOWTO);
  t.deepEqual(goodConfig(HOWTO.replaceAll('\n', '\r\n')), config);
  t.deepEqual(goodConfig(HOWTO.replaceAll('    ', '\t')), config);
  t.deepEqual(goodConfig(HOWTO.replaceAll(/^ +/gm, '').replaceAll(' {', '{')), config);
});

test('our own blocks say what the board is', t => {
  const config = goodConfig(`
system {
  hostname director1.example.org
  password_hash "$6$salt$hash"
  ntp_server 192.0.2.1 192.0.2.2
  ntp_server 192.0.2.1
}
interface eth0 {
  address 192.0.2.11/24
  address 2001:DB8::11/64
  route default via 192.0.2.254
  route 198.51.100.0/24
  route 203.0.113.0/24 via 198.51.100.1
  route default via fe80::1
}
interface eth1 {
  address 10.0.0.1/24
}
mark 1 {
  protocol tcp
  destination 192.0.2.100
  port 80 443 8000-8100
}
masquerade 10.0.0.0/24 {
  interface eth0
}`);
  t.deepEqual(config.system, {
    hostName: 'director1.example.org',
    passwordHash: '$6$salt$hash',
    ntpServers: ['192.0.2.1', '192.0.2.2'],
  });
  t.deepEqual(config.interfaces[0], {
    name: 'eth0',
    addresses: [
      { address: '192.0.2.11', prefix: 24 },
      { address: '2001:db8::11', prefix: 64 },
    ],
    routes: [
      { destination: { address: '0.0.0.0', prefix: 0 }, gateway: '192.0.2.254' },
      { destination: { address: '198.51.100.0', prefix: 24 }, gateway: null },
      { destination: { address: '203.0.113.0', prefix: 24 }, gateway: '198.51.100.1' },
      { destination: { address: '::', prefix: 0 }, gateway: 'fe80::1' },
    ],
  });
  t.deepEqual(config.marks, [
    {
      mark: 1,
      protocol: 'TCP',
      destination: '192.0.2.100',
      ports: [
        { from: 80, to: 80 },
        { from: 443, to: 443 },
        { from: 8000, to: 8100 },
      ],
    },
  ]);
  t.deepEqual(config.masquerades, [{ source: { address: '10.0.0.0', prefix: 24 }, outInterface: 'eth0' }]);
});

test('what is left out has the defaults of keepalived', t => {
  const [server] = goodConfig(service('', 'TCP_CHECK {\n}')).virtualServers;
  t.is(server?.persistenceTimeout, null);
  t.is(server?.realServers[0]?.weight, 1);
  t.like(server?.realServers[0]?.checks[0], { connectTimeout: 5000, retries: 1, delayBeforeRetry: 1000 });
  const [vrrp] = goodConfig(instance()).vrrpInstances;
  t.like(vrrp, { version: 2, initialState: 'BACKUP', priority: 100, advertInterval: 1000, preempt: true });
  const empty = goodConfig('global_defs {\n}');
  t.deepEqual(empty.system, { hostName: null, passwordHash: null, ntpServers: [] });
  t.is(empty.globals.routerId, null);
});

test('timing is taken from the check, else from its real server, else from its virtual server', t => {
  const lines = 'connect_timeout 1\nretry 1\ndelay_before_retry 1';
  const inner = 'retry 2\ndelay_before_retry 2\nTCP_CHECK {\ndelay_before_retry 3.5\n}';
  const check = goodConfig(service(lines, inner)).virtualServers[0]?.realServers[0]?.checks[0];
  t.like(check, { connectTimeout: 1000, retries: 2, delayBeforeRetry: 3500 });
});

test('a real server without a port has that of its virtual server', t => {
  const text =
    'virtual_server 192.0.2.1 80 {\nlb_algo rr\nlb_kind DR\nprotocol TCP\nreal_server 10.0.0.1 {\n}\n}';
  t.is(goodConfig(text).virtualServers[0]?.realServers[0]?.port, 80);
});

test('lvs_method of a real server overrides that of the virtual server, wherever it stands', t => {
  const text = `virtual_server 192.0.2.1 80 {
real_server 10.0.0.1 8080 {
lvs_method NAT
}
real_server 10.0.0.2 {
}
protocol UDP
lvs_sched sh
lvs_method TUN
}`;
  const [server] = goodConfig(text).virtualServers;
  t.deepEqual(
    server?.realServers.map(each => each.forwarding),
    ['NAT', 'TUN'],
  );
  t.is(server?.scheduler, 'sh');
});

test('a firewall mark service has a family, and its real servers have no port', t => {
  const text = (inner: string) => `mark 3 {
protocol TCP
destination 192.0.2.1
port 80
}
virtual_server fwmark 3 {
lb_algo rr
lb_kind DR
${inner}
}`;
  const [server] = goodConfig(
    text('real_server 10.0.0.1 {\nTCP_CHECK {\nconnect_port 80\n}\n}'),
  ).virtualServers;
  t.deepEqual(server?.key, { kind: 'fwmark', mark: 3, family: 4 });
  t.is(server?.realServers[0]?.port, 0);
  const six = load(text('ip_family inet6\nreal_server 2001:db8::1 {\n}'));
  t.deepEqual(six.config?.virtualServers[0]?.key, { kind: 'fwmark', mark: 3, family: 6 });
  const withPort = load(text('real_server 10.0.0.1 80 {\nTCP_CHECK {\n}\n}'));
  t.is(withPort.config?.virtualServers[0]?.realServers[0]?.port, 0);
  t.like(withPort.config?.virtualServers[0]?.realServers[0]?.checks[0], { connectPort: 80 });
  t.deepEqual(
    withPort.problems.map(each => each.severity),
    ['warning'],
  );
});

test('persistence without a number lasts six minutes', t => {
  t.is(goodConfig(service('persistence_timeout')).virtualServers[0]?.persistenceTimeout, 360);
});

test('vrrp_version holds for instances that name none, even when it comes later', t => {
  const text = `${instance('advert_int 0.1')}${instance('version 2', 'VI_2', 52, '192.0.2.101')}global_defs {\nvrrp_version 3\n}`;
  const config = goodConfig(text);
  t.deepEqual(
    config.vrrpInstances.map(each => each.version),
    [3, 2],
  );
  t.is(config.vrrpInstances[0]?.advertInterval, 100);
  t.is(config.vrrpInstances[1]?.virtualAddresses[0]?.prefix, 32);
});

test('an address may be on another interface than the advertisements', t => {
  const config = goodConfig(instance('', 'VI_1', 51, '192.0.2.100/24 dev eth1'));
  t.is(config.vrrpInstances[0]?.virtualAddresses[0]?.interface, 'eth1');
});

test('a file with an error has no config, a file with warnings has', t => {
  t.is(load(service('wieght 1')).config, null);
  t.not(load(service('delay_loop 6 7')).config, null);
});

test('a file that says nothing is an error', t => {
  for (const text of ['', '\n\n', '# only a comment\n'])
    t.deepEqual(problemsOf(text), ['1:1 error: the file says nothing']);
});
