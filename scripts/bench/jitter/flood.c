// flood ADDRESS PORT RATE: sends RATE datagrams a second, 60 bytes on the wire without the checksum of Ethernet, evenly from 64 source ports.
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { FLOWS = 64, PAYLOAD = 18, SECOND = 1000000000 };

int main(int count, char **words) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  if (count != 4 || inet_pton(AF_INET, words[1], &address.sin_addr) != 1) errx(2, "usage: flood ADDRESS PORT RATE");
  address.sin_port = htons((unsigned short)atoi(words[2]));
  long long gap = SECOND / atoll(words[3]);
  int flows[FLOWS];
  for (int flow = 0; flow < FLOWS; flow++) {
    flows[flow] = socket(AF_INET, SOCK_DGRAM, 0);
    if (flows[flow] < 0) err(1, "socket");
  }
  static const char payload[PAYLOAD];
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (unsigned turn = 0;; turn++) {
    // What nobody takes is lost, as on any network.
    (void)!sendto(flows[turn % FLOWS], payload, PAYLOAD, MSG_DONTWAIT, (const struct sockaddr *)&address, sizeof address);
    next.tv_nsec += gap;
    if (next.tv_nsec >= SECOND) next.tv_nsec -= SECOND, next.tv_sec++;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
}
