/* Run when the toolchain has been built: does what the compiler leaves to libgcc and libc give right results? */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>

static int failures;

#define CHECK(what) ((what) ? (void)0 : (failures++, (void)printf("line %d: %s\n", __LINE__, #what)))

/* Volatile, so that the compiler does not know the operands and has to call the library. */
static volatile int64_t minus = -1234567890123456789, seven = 7, minimum = INT64_MIN, one = 1;
static volatile uint64_t large = 0xfedcba9876543210, tenth = 10, top = UINT64_MAX;
static volatile double real = -9.75e15, positive = 1.8e19;
static volatile float small = 3.5f;
static volatile long double extended = 4.0e18L;
static volatile int shift = 37;

static void integers(void)
{
	CHECK(minus / seven == -176366841446208112);
	CHECK(minus % seven == -5);
	CHECK(large / tenth == 1836475854449306472);
	CHECK(large % tenth == 0);
	CHECK(top / large == 1 && top % large == 81985529216486895);
	CHECK(minimum / seven == -1317624576693539401);
	CHECK(minus * seven == -8641975230864197523);
	CHECK(one << shift == 137438953472 && large >> shift == 133621204 && minus >> shift == -8982664);
	CHECK(__builtin_popcountll(large) == 32 && __builtin_ctzll(large) == 4 && __builtin_clzll(one) == 63);
	CHECK(__builtin_bswap64(large) == 0x1032547698badcfe);
	CHECK(__builtin_ffsll(large) == 5 && __builtin_parityll(one) == 1);
}

static void conversions(void)
{
	CHECK((int64_t)real == -9750000000000000);
	CHECK((uint64_t)positive == 18000000000000000000u);
	CHECK((int64_t)small == 3 && (uint64_t)small == 3);
	CHECK((int64_t)extended == 4000000000000000000 && (uint64_t)extended == 4000000000000000000u);
	/* Stored first: the x87 computes in 80 bits. */
	volatile double rounded = minus, unsigned_rounded = large;
	volatile float short_rounded = large;
	CHECK(rounded == -1234567890123456768.0);
	CHECK(unsigned_rounded == 18364758544493064192.0);
	CHECK(short_rounded == 18364758989184434176.0f);
	CHECK((long double)top == 18446744073709551615.0L);
}

static void *add(void *counter)
{
	for (int i = 0; i < 10000; i++)
		__atomic_fetch_add((int *)counter, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void library(void)
{
	char text[128];
	snprintf(text, sizeof text, "%.17g %.3f %lld %llx %Lg", 0.1, -2.0005, (long long)minus,
		 (unsigned long long)large, extended);
	CHECK(strcmp(text, "0.10000000000000001 -2.001 -1234567890123456789 fedcba9876543210 4e+18") == 0);
	CHECK(strtod("1e308", NULL) * 10 == HUGE_VAL && strtoull("18446744073709551615", NULL, 10) == top);
	CHECK(pow(2, 0.5) == sqrt(2.0) && floor(-0.5) == -1 && fmod(10, 3) == 1 && lrint(2.5) == 2);
	CHECK(fabs(sin(1) - 0.8414709848078965) < 1e-15 && fabs(exp(1) - 2.718281828459045) < 1e-15);

	struct timespec before, after, pause = {0, 2000000};
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK(nanosleep(&pause, NULL) == 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK((after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >= 2000000);
	CHECK(sizeof(time_t) == 8);

	pthread_t thread;
	int counter = 0;
	CHECK(pthread_create(&thread, NULL, add, &counter) == 0 && pthread_join(thread, NULL) == 0);
	CHECK(counter == 10000);

	jmp_buf back;
	volatile int times = 0;
	if (setjmp(back) < 3)
		longjmp(back, ++times);
	CHECK(times == 3);
	errno = 0;
	CHECK(close(-1) == -1 && errno == EBADF);
}

int main(void)
{
	integers();
	conversions();
	library();
	return failures != 0;
}
