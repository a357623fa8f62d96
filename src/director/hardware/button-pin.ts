// The pin of the reset button, by the character device of its GPIO chip (include/uapi/linux/gpio.h). The CS5535 and CS5536 raise no
// interrupt for it, so it is looked at.
import { isSystemError, type OpenFile, type Platform } from '../../platform/platform.ts';

/** As drivers/gpio/gpio-cs5535.c calls itself. */
const CHIP = 'cs5535-gpio';

const GPIO_GET_CHIPINFO_IOCTL = 0x8044b401;
const GPIO_V2_GET_LINE_IOCTL = 0xc250b407;
const GPIO_V2_LINE_GET_VALUES_IOCTL = 0xc010b40e;

/** struct gpiochip_info: the name and the label, 32 bytes each, and the number of lines. */
const INFO_LENGTH = 68;
const LABEL = { from: 32, to: 64 };

/** struct gpio_v2_line_request: offsets of its parts. */
const REQUEST_LENGTH = 592;
const CONSUMER = 256;
const FLAGS = 288;
const LINES = 560;
const FD = 588;

/** GPIO_V2_LINE_FLAG_ACTIVE_LOW and GPIO_V2_LINE_FLAG_INPUT. */
const ACTIVE_LOW_INPUT = 2 | 4;

export class ButtonPin {
  readonly #line: OpenFile;

  private constructor(line: OpenFile) {
    this.#line = line;
  }

  /** Takes the pin; null when there is no such chip. Throws a SystemError: `EBUSY` when something else has the pin. */
  static open(platform: Platform, pin: number): ButtonPin | null {
    const chip = findChip(platform);
    if (chip === null) return null;
    try {
      const request = new Uint8Array(REQUEST_LENGTH);
      const view = new DataView(request.buffer);
      view.setUint32(0, pin, true);
      request.set(new TextEncoder().encode('director'), CONSUMER);
      view.setUint32(FLAGS, ACTIVE_LOW_INPUT, true);
      view.setUint32(LINES, 1, true);
      chip.ioctl(GPIO_V2_GET_LINE_IOCTL, request);
      return new ButtonPin(platform.files.adopt(view.getInt32(FD, true)));
    } finally {
      chip.close();
    }
  }

  /** Throws a SystemError. */
  isHeld(): boolean {
    // Bits, and the mask of those that are asked for; 64 of each.
    const values = new Uint8Array(16);
    values[8] = 1;
    this.#line.ioctl(GPIO_V2_LINE_GET_VALUES_IOCTL, values);
    return (values[0]! & 1) !== 0;
  }

  close(): void {
    this.#line.close();
  }
}

function findChip({ files }: Platform): OpenFile | null {
  for (const name of files.list('/dev').sort()) {
    if (!name.startsWith('gpiochip')) continue;
    const chip = attempt(() => files.open(`/dev/${name}`, 'read'));
    if (chip === null) continue;
    if (attempt(() => labelOf(chip)) === CHIP) return chip;
    chip.close();
  }
  return null;
}

function labelOf(chip: OpenFile): string {
  const info = new Uint8Array(INFO_LENGTH);
  chip.ioctl(GPIO_GET_CHIPINFO_IOCTL, info);
  const label = info.subarray(LABEL.from, LABEL.to);
  const end = label.indexOf(0);
  return new TextDecoder().decode(end < 0 ? label : label.subarray(0, end));
}

/** Another chip that does not answer is none of ours. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
