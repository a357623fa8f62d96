// The memory of the JavaScript engine. It lives in small objects: those of up to 256 bytes come from lists of free pieces of
// their own size, cut from larger chunks that are never given back. Larger ones come from malloc. A word before each piece
// holds its whole size.
#include <stdlib.h>
#include <string.h>

#include "host.h"

#define LARGEST 256
#define CHUNK (16384 - 64)
#define HEADER sizeof(size_t)

struct piece {
	struct piece *next;
};

static struct piece *free_pieces[LARGEST / 8 + 1];
static char *chunk;
static size_t chunk_left;

static size_t whole_size(size_t size) {
	return (size + HEADER + 7) & ~(size_t)7;
}

static size_t *header_of(const void *memory) {
	return (size_t *)((char *)memory - HEADER);
}

static size_t usable_size(const void *memory) {
	return memory ? *header_of(memory) - HEADER : 0;
}

static void put_back(void *start, size_t whole) {
	struct piece *piece = start;
	piece->next = free_pieces[whole / 8];
	free_pieces[whole / 8] = piece;
}

static void *take_piece(size_t whole) {
	struct piece *piece = free_pieces[whole / 8];
	if (piece) {
		free_pieces[whole / 8] = piece->next;
		return piece;
	}
	if (chunk_left < whole) {
		char *fresh = malloc(CHUNK);
		if (!fresh) return NULL;
		if (chunk_left > 0) put_back(chunk, chunk_left);
		chunk = fresh;
		chunk_left = CHUNK;
	}
	char *start = chunk;
	chunk += whole;
	chunk_left -= whole;
	return start;
}

static void *slab_malloc(JSMallocState *state, size_t size) {
	if (size > state->malloc_limit - state->malloc_size || size > SIZE_MAX / 2) return NULL;
	size_t whole = whole_size(size);
	size_t *header = whole <= LARGEST ? take_piece(whole) : malloc(whole);
	if (!header) return NULL;
	*header = whole;
	state->malloc_count++;
	state->malloc_size += whole;
	return (char *)header + HEADER;
}

static void slab_free(JSMallocState *state, void *memory) {
	if (!memory) return;
	size_t *header = header_of(memory);
	state->malloc_count--;
	state->malloc_size -= *header;
	if (*header <= LARGEST) put_back(header, *header);
	else free(header);
}

static void *slab_realloc(JSMallocState *state, void *memory, size_t size) {
	if (!memory) return size ? slab_malloc(state, size) : NULL;
	if (size == 0) {
		slab_free(state, memory);
		return NULL;
	}
	if (size > SIZE_MAX / 2) return NULL;
	size_t *header = header_of(memory);
	size_t before = *header, whole = whole_size(size);
	if (whole == before) return memory;
	if (before > LARGEST && whole > LARGEST) {
		if (whole > before && whole - before > state->malloc_limit - state->malloc_size) return NULL;
		header = realloc(header, whole);
		if (!header) return NULL;
		*header = whole;
		state->malloc_size += whole - before;
		return (char *)header + HEADER;
	}
	void *moved = slab_malloc(state, size);
	if (!moved) return NULL;
	memcpy(moved, memory, (before < whole ? before : whole) - HEADER);
	slab_free(state, memory);
	return moved;
}

const JSMallocFunctions slab_allocator = {slab_malloc, slab_free, slab_realloc, usable_size};
