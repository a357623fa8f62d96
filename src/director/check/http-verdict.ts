// What an answer to one URL comes to: its status, then its digest and what is found in it. Pure; the body is not kept.
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { UrlConfig } from '../config/config.ts';
import { BodySearch } from './body-search.ts';
import { HttpBody } from './http-body.ts';
import { type Head, HttpHead } from './http-head.ts';
import type { CheckResult } from './state.ts';

/** Bytes of a body that are looked through: more would keep a small board from its other work. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** By the number of digits. */
const HASHES = new Map([
  [32, md5],
  [40, sha1],
  [64, sha256],
]);

export class HttpVerdict {
  readonly #url: UrlConfig;
  readonly #head = new HttpHead();
  readonly #digest: { update(data: Uint8Array): unknown; digest(): Uint8Array } | null;
  readonly #search: BodySearch | null;
  #status = 0;
  #body: HttpBody | null = null;
  #length = 0;

  constructor(url: UrlConfig) {
    this.#url = url;
    this.#digest = url.digest === undefined ? null : HASHES.get(url.digest.length)!.create();
    this.#search = url.regex === undefined ? null : new BodySearch(url.regex);
  }

  /** Takes the next bytes; null while more are needed. */
  push(data: Uint8Array): CheckResult | null {
    if (this.#body !== null) return this.#takeBody(this.#body, data);
    const reading = this.#head.push(data);
    if (reading === null) return null;
    if ('wrong' in reading) return { ok: false, reason: reading.wrong };
    const { head, rest } = reading;
    const verdict = this.#judgeStatus(head);
    if (verdict !== null) return verdict;
    const body = this.#readBody(head);
    this.#body = body;
    return head.length === 0 ? this.#judgeBody() : this.#takeBody(body, rest);
  }

  /** The server has closed. A body that is shorter than announced counts as it is, as keepalived has it. */
  end(): CheckResult {
    return this.#body === null ? { ok: false, reason: this.#head.end().wrong } : this.#judgeBody();
  }

  #readBody(head: Head): HttpBody {
    return new HttpBody(head, data => {
      this.#length += data.length;
      this.#digest?.update(data);
      this.#search?.push(data);
    });
  }

  /** Null when the body decides. */
  #judgeStatus({ status }: Head): CheckResult | null {
    const { path, statusCodes } = this.#url;
    const ok = statusCodes.some(({ from, to }) => status >= from && status <= to);
    this.#status = status;
    if (ok && (this.#digest !== null || this.#search !== null)) return null;
    return { ok, reason: `status ${status} for ${path}` };
  }

  #takeBody(body: HttpBody, data: Uint8Array): CheckResult | null {
    const progress = body.push(data);
    if (progress === 'end') return this.#judgeBody();
    if (progress !== 'more') return { ok: false, reason: progress.wrong };
    if (this.#length > LONGEST_BODY) {
      return { ok: false, reason: `the answer is longer than ${LONGEST_BODY} bytes` };
    }
    // Once it is found nothing that follows changes the verdict, unless the whole is to be digested.
    return this.#search?.found && this.#digest === null ? this.#judgeBody() : null;
  }

  #judgeBody(): CheckResult {
    const { path, digest, regex } = this.#url;
    if (this.#digest !== null) {
      const is = hex(this.#digest.digest());
      if (is !== digest) return { ok: false, reason: `digest ${is} for ${path}` };
    }
    if (this.#search !== null && regex !== undefined && this.#search.end() === regex.negated) {
      const reason = `${regex.negated ? 'the regex matches' : 'the regex does not match'} for ${path}`;
      return { ok: false, reason };
    }
    const how = this.#search === null ? 'and digest as expected' : 'and content as expected';
    return { ok: true, reason: `status ${this.#status} ${how} for ${path}` };
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
