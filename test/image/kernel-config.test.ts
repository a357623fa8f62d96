// The kernel's configuration demands what the product needs, and the build fails when a demand is lost.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkConfig, lostOptions, mergeConfig, parseConfig } from '../../image/kconfig.ts';

const demanded = parseConfig(
  readFileSync(join(import.meta.dirname, '../../image/kernel/kernel.config'), 'utf8'),
);

/** What the kernel is for, by the name of the need. */
const NEEDS: Record<string, string> = {
  'all fourteen schedulers': `IP_VS_RR IP_VS_WRR IP_VS_LC IP_VS_WLC IP_VS_FO IP_VS_OVF IP_VS_LBLC IP_VS_LBLCR IP_VS_DH IP_VS_SH
    IP_VS_MH IP_VS_SED IP_VS_NQ IP_VS_TWOS`,
  IPVS: 'IP_VS IP_VS_IPV6 IP_VS_PROTO_TCP IP_VS_PROTO_UDP IP_VS_PROTO_SCTP IP_VS_FTP IP_VS_NFCT',
  'connection tracking and nf_tables': `NF_CONNTRACK NF_NAT NF_TABLES NF_TABLES_INET NF_TABLES_IPV4 NF_TABLES_IPV6 NFT_CT NFT_NAT
    NFT_MASQ NFT_REJECT NFT_LIMIT NFT_LOG`,
  'protocols and tunnels': `PACKET UNIX INET IPV6 IP_MULTICAST SYN_COOKIES NET_IPIP IPV6_TUNNEL NET_IPGRE NET_IPGRE_DEMUX NET_FOU
    NET_FOU_IP_TUNNELS IP_MULTIPLE_TABLES IPV6_MULTIPLE_TABLES VLAN_8021Q MACVLAN DUMMY`,
  'root in memory': 'BLK_DEV_INITRD BLK_DEV_RAM SQUASHFS SQUASHFS_XZ DEVTMPFS TMPFS',
  'right timers': 'HIGH_RES_TIMERS COMPAT_32BIT_TIME X86_PM_TIMER SCx200HR_TIMER SC520_TIMER',
  'the host program': 'EPOLL TIMERFD SIGNALFD EVENTFD INOTIFY_USER FUTEX UNIX98_PTYS POSIX_TIMERS',
  accounting: 'TASKSTATS TASK_XACCT TASK_IO_ACCOUNTING PROC_PAGE_MONITOR',
  'network cards': 'NATSEMI VIA_RHINE VIA_RHINE_MMIO 8139CP 8139TOO E1000 PCNET32',
  cards:
    'ATA ATA_FORCE ATA_PIIX PATA_SC1200 PATA_CS5530 PATA_CS5535 PATA_CS5536 PATA_LEGACY BLK_DEV_SD MSDOS_PARTITION',
  watchdogs: 'WATCHDOG SCx200_WDT GEODE_WDT I6300ESB_WDT SC520_WDT',
  sensors: 'HWMON SENSORS_PC87360 SENSORS_LM90 SENSORS_LM77 SCx200_ACB',
  lights: 'LEDS_CLASS LEDS_GPIO LEDS_NET48XX LEDS_WRAP ALIX NET5501 GEOS GPIO_CS5535 SCx200_GPIO',
  entropy: 'RANDOM_TRUST_BOOTLOADER HW_RANDOM HW_RANDOM_GEODE',
};

for (const [need, options] of Object.entries(NEEDS)) {
  test(`the kernel has ${need}`, t => {
    const missing = options
      .trim()
      .split(/\s+/)
      .filter(option => demanded.get(`CONFIG_${option}`) !== 'y');
    t.deepEqual(missing, []);
  });
}

test('the kernel runs on a 486 and takes one memory disk of up to 16 MiB', t => {
  t.is(demanded.get('CONFIG_MELAN'), 'y');
  t.is(demanded.get('CONFIG_BLK_DEV_RAM_COUNT'), '1');
  t.is(demanded.get('CONFIG_BLK_DEV_RAM_SIZE'), '16384');
});

test('the kernel has no way around the read-only card', t => {
  for (const option of ['DEVMEM', 'DEVPORT', 'X86_IOPL_IOPERM', 'CHR_DEV_SG', 'BLK_DEV_BSG', 'MODULES']) {
    t.is(demanded.get(`CONFIG_${option}`), 'n', option);
  }
});

test('a fragment replaces what the base says', t => {
  const merged = mergeConfig(
    'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=3\n',
    'CONFIG_B=y\n# CONFIG_A is not set\n',
  );
  t.deepEqual(
    [...parseConfig(merged)],
    [
      ['CONFIG_C', '3'],
      ['CONFIG_B', 'y'],
      ['CONFIG_A', 'n'],
    ],
  );
});

test('every lost option is named', t => {
  const want = 'CONFIG_A=y\nCONFIG_B="text"\n# CONFIG_C is not set\nCONFIG_D=y\n# CONFIG_E is not set\n';
  const final = 'CONFIG_A=y\nCONFIG_B="other"\nCONFIG_C=y\n';
  t.deepEqual(lostOptions(want, final), [
    'CONFIG_B: "text" demanded, "other" in the final configuration',
    'CONFIG_C: n demanded, y in the final configuration',
    'CONFIG_D: y demanded, n in the final configuration',
  ]);
  t.throws(() => checkConfig('the kernel', want, final), {
    message: /^the kernel lost 3 of its options:\n {2}CONFIG_B/,
  });
  t.notThrows(() => checkConfig('the kernel', 'CONFIG_A=y\n', final));
});
