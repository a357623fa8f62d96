// Exercises the allocator of src/host/slab.c by itself: random sizes, every piece filled with a pattern of its own that must still be
// there when it is freed or moved. Prints what is wrong and exits with 1.
//   slab SEED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/host/host.h"

#define PIECES 2000
#define ROUNDS 400000

static struct {
	uint8_t *memory;
	size_t size;
	uint8_t pattern;
} pieces[PIECES];

static uint32_t state;

static uint32_t next_random(uint32_t limit) {
	state = state * 1664525 + 1013904223;
	return (state >> 8) % limit;
}

static void check(int i, size_t size) {
	for (size_t k = 0; k < size && k < pieces[i].size; k++) {
		if (pieces[i].memory[k] == pieces[i].pattern) continue;
		printf("piece %d of %zu bytes is damaged at byte %zu\n", i, pieces[i].size, k);
		exit(1);
	}
}

static size_t any_size(void) {
	uint32_t kind = next_random(20);
	return kind == 0 ? next_random(40000) : kind < 4 ? 240 + next_random(32) : next_random(256);
}

int main(int argc, char **argv) {
	const JSMallocFunctions *slab = &slab_allocator;
	JSMallocState state_of_slab = {.malloc_limit = (size_t)64 << 20};
	state = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	for (int round = 0; round < ROUNDS; round++) {
		int i = next_random(PIECES);
		size_t size = any_size();
		if (pieces[i].memory && next_random(3) == 0) {
			check(i, pieces[i].size);
			slab->js_free(&state_of_slab, pieces[i].memory);
			pieces[i].memory = NULL;
			continue;
		}
		if (size == 0) size = 1;
		uint8_t *memory = slab->js_realloc(&state_of_slab, pieces[i].memory, size);
		if (!memory || slab->js_malloc_usable_size(memory) < size || (uintptr_t)memory % sizeof(size_t)) {
			printf("piece %d of %zu bytes at %p\n", i, size, (void *)memory);
			return 1;
		}
		uint8_t *before = pieces[i].memory;
		pieces[i].memory = memory;
		if (before) check(i, size);
		pieces[i].size = size;
		pieces[i].pattern = next_random(256);
		memset(memory, pieces[i].pattern, slab->js_malloc_usable_size(memory));
	}
	if (slab->js_malloc(&state_of_slab, SIZE_MAX) || slab->js_malloc(&state_of_slab, SIZE_MAX - 4) ||
	    slab->js_malloc(&state_of_slab, (size_t)65 << 20) || slab->js_malloc_usable_size(NULL) != 0) {
		puts("the limit does not hold");
		return 1;
	}
	for (int i = 0; i < PIECES; i++) slab->js_free(&state_of_slab, pieces[i].memory);
	if (state_of_slab.malloc_count != 0 || state_of_slab.malloc_size != 0) {
		printf("%zu pieces of %zu bytes are left\n", state_of_slab.malloc_count, state_of_slab.malloc_size);
		return 1;
	}
	return 0;
}
