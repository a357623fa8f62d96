// The bytes of a fake card, reached at once.
import type { CardIo } from '../../src/director/flash/card-io.ts';
import type { FakePlatform } from '../../src/platform/fake.ts';

export function directIo({ files }: FakePlatform): CardIo {
  return {
    async write(_disk, device, bytes, offset) {
      const file = files.open(device, 'read-write');
      file.writeAt(bytes, offset);
      file.close();
    },
    async read(device, offset, length) {
      return files.read(device).slice(offset, offset + length);
    },
    whenOver: callback => callback(),
  };
}
