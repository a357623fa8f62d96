// SCTP as far as a balancer sees it (RFC 9260), for machines whose kernel has none: a client that asks for an association with INIT, and a
// server that answers with INIT ACK, its name as the cookie. Both refuse packets whose checksum is wrong, which whoever changes an
// address or a port must put right.
//
//   sctp-peer serve PORT NAME     prints `ready`
//   sctp-peer ask ADDRESS PORT    prints the name of who answered
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { INIT = 1, INIT_ACK = 2, COOKIE = 7, COMMON = 12, CHUNK = 20 };

static void check(int result, const char *what) {
  if (result >= 0) return;
  perror(what);
  exit(1);
}

// CRC-32C, its bytes as they are sent (RFC 9260, appendix A).
static uint32_t crc32c(const uint8_t *data, size_t length) {
  uint32_t crc = 0xffffffff;
  for (size_t at = 0; at < length; at++) {
    crc ^= data[at];
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
  }
  return ~crc;
}

static void put16(uint8_t *at, uint16_t value) {
  value = htons(value);
  memcpy(at, &value, 2);
}

static void put32(uint8_t *at, uint32_t value) {
  value = htonl(value);
  memcpy(at, &value, 4);
}

static uint16_t get16(const uint8_t *at) {
  return at[0] << 8 | at[1];
}

// One chunk, INIT or INIT ACK, with `cookie` as its only parameter where there is one.
static size_t build(uint8_t *packet, int type, uint16_t from, uint16_t to, const uint8_t *tag, const char *cookie) {
  size_t parameter = cookie ? 4 + strlen(cookie) : 0;
  size_t length = (COMMON + CHUNK + parameter + 3) & ~(size_t)3;
  memset(packet, 0, length);
  put16(packet, from);
  put16(packet + 2, to);
  memcpy(packet + 4, tag, 4);
  uint8_t *chunk = packet + COMMON;
  chunk[0] = type;
  put16(chunk + 2, CHUNK + parameter);
  put32(chunk + 4, 0x01020304);
  put32(chunk + 8, 65536);
  put16(chunk + 12, 1);
  put16(chunk + 14, 1);
  put32(chunk + 16, 1);
  if (cookie) {
    put16(chunk + CHUNK, COOKIE);
    put16(chunk + CHUNK + 2, parameter);
    memcpy(chunk + CHUNK + 4, cookie, strlen(cookie));
  }
  uint32_t crc = crc32c(packet, length);
  for (int at = 0; at < 4; at++) packet[8 + at] = crc >> (8 * at);
  return length;
}

// The SCTP packet behind the IPv4 header, or null when it is none of that type for that port, or wrong.
static uint8_t *parse(uint8_t *data, ssize_t length, int type, uint16_t port) {
  ssize_t header = 4 * (data[0] & 0x0f);
  uint8_t *packet = data + header, sum[4];
  if (length < header + COMMON + CHUNK || get16(packet + 2) != port || packet[COMMON] != type) return NULL;
  memcpy(sum, packet + 8, 4);
  memset(packet + 8, 0, 4);
  uint32_t crc = crc32c(packet, length - header);
  for (int at = 0; at < 4; at++) {
    if (sum[at] == (uint8_t)(crc >> (8 * at))) continue;
    fprintf(stderr, "a packet with a wrong checksum\n");
    return NULL;
  }
  return packet;
}

static int open_raw(void) {
  int raw = socket(AF_INET, SOCK_RAW, IPPROTO_SCTP);
  check(raw, "socket");
  return raw;
}

static void serve(uint16_t port, const char *name) {
  static uint8_t data[65536], answer[256];
  int raw = open_raw();
  puts("ready");
  for (;;) {
    struct sockaddr_in to = {.sin_family = AF_INET}, from = {.sin_family = AF_INET};
    ssize_t length = recv(raw, data, sizeof data, 0);
    check(length, "recv");
    uint8_t *packet = parse(data, length, INIT, port);
    if (!packet) continue;
    memcpy(&to.sin_addr, data + 12, 4);
    memcpy(&from.sin_addr, data + 16, 4);
    size_t size = build(answer, INIT_ACK, port, get16(packet), packet + COMMON + 4, name);
    // From the address that was asked.
    int back = open_raw();
    check(bind(back, (struct sockaddr *)&from, sizeof from), "bind");
    check(sendto(back, answer, size, 0, (struct sockaddr *)&to, sizeof to), "sendto");
    close(back);
  }
}

static int ask(const char *address, uint16_t port) {
  static uint8_t data[65536], packet[256];
  static const uint8_t none[4];
  struct sockaddr_in to = {.sin_family = AF_INET};
  if (inet_pton(AF_INET, address, &to.sin_addr) != 1) return 2;
  int raw = open_raw();
  uint16_t from = 20000 + getpid() % 40000;
  for (int attempt = 0; attempt < 10; attempt++) {
    struct timeval patience = {.tv_sec = 1};
    size_t size = build(packet, INIT, from, port, none, NULL);
    check(sendto(raw, packet, size, 0, (struct sockaddr *)&to, sizeof to), "sendto");
    for (;;) {
      check(setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "SO_RCVTIMEO");
      ssize_t length = recv(raw, data, sizeof data, 0);
      if (length < 0) break;
      uint8_t *answer = parse(data, length, INIT_ACK, from);
      // Only from whom it was asked: an answer past the address of the service would be none.
      if (!answer || memcmp(data + 12, &to.sin_addr, 4) != 0) continue;
      uint8_t *parameter = answer + COMMON + CHUNK;
      printf("%.*s\n", get16(parameter + 2) - 4, parameter + 4);
      return 0;
    }
  }
  fprintf(stderr, "no answer\n");
  return 1;
}

int main(int argc, char **argv) {
  setlinebuf(stdout);
  if (argc == 4 && strcmp(argv[1], "serve") == 0) serve(atoi(argv[2]), argv[3]);
  if (argc == 4 && strcmp(argv[1], "ask") == 0) return ask(argv[2], atoi(argv[3]));
  return 2;
}
