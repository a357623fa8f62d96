import test from 'ava';
import { parseInterrupts, parseSoftnet } from '../../src/director/hardware/interrupts.ts';

test('a board with one processor: several users of one interrupt', t => {
  const text = `           CPU0       
  0:     226553          XT-PIC      timer
  4:       1327          XT-PIC      ttyS0
 10:     904412          XT-PIC      eth0, eth1, eth2
 11:          0          XT-PIC      ohci_hcd:usb1
 14:       2210          XT-PIC      pata_sc1200
NMI:          0   Non-maskable interrupts
ERR:          0
`;
  t.deepEqual(parseInterrupts(text), [
    { irq: 0, count: 226553, users: ['timer'] },
    { irq: 4, count: 1327, users: ['ttyS0'] },
    { irq: 10, count: 904412, users: ['eth0', 'eth1', 'eth2'] },
    { irq: 11, count: 0, users: ['ohci_hcd:usb1'] },
    { irq: 14, count: 2210, users: ['pata_sc1200'] },
  ]);
});

test('a machine with two processors, and an interrupt that nobody asked for', t => {
  const text = `           CPU0       CPU1       
 24:          1          0  IO-APIC   5-edge      ACPI:Ged
 26:          0     114842  IO-APIC   4-edge      ttyS0
 28:          3          4 PCI-MSIX-0000:00:01.0   0-edge      virtio0-config
 30:          2          0  IO-APIC
`;
  t.deepEqual(parseInterrupts(text), [
    { irq: 24, count: 1, users: ['ACPI:Ged'] },
    { irq: 26, count: 114842, users: ['ttyS0'] },
    { irq: 28, count: 7, users: ['virtio0-config'] },
    { irq: 30, count: 2, users: [] },
  ]);
  t.deepEqual(parseInterrupts(''), []);
});

test('softnet: hexadecimal columns, one line for each processor', t => {
  const text = '00fb1859 00000000 00000012 00000000 00000000\n010656ce 00000001 00000020 00000000 00000000\n';
  t.deepEqual(parseSoftnet(text), { processed: 0x00fb1859 + 0x010656ce, dropped: 1, squeezed: 50 });
  t.deepEqual(parseSoftnet(''), { processed: 0, dropped: 0, squeezed: 0 });
});
