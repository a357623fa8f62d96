// One-shot timers on CLOCK_MONOTONIC: a heap by due time, with slots that lead from an id to the heap.
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "host.h"

#define SLOTS (1u << 20)
#define LONGEST 1099511627776.0

// A timer's id is `generation * SLOTS + slot`: a slot that is used again gets another generation, so that an old id finds nothing.
struct slot {
	JSValue callback;
	int64_t due;
	uint64_t order;
	uint32_t generation;
	// Position in the heap, or the next free slot.
	uint32_t place;
	bool pending;
};

static struct slot *slots;
static uint32_t slot_count, free_slot = UINT32_MAX;
static uint32_t *heap;
static uint32_t heap_size;
static uint64_t next_order;

static int64_t read_clock(clockid_t clock) {
	struct timespec now;
	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int64_t now_nanoseconds(void) {
	return read_clock(CLOCK_MONOTONIC);
}

static bool before(uint32_t a, uint32_t b) {
	if (slots[a].due != slots[b].due) return slots[a].due < slots[b].due;
	return slots[a].order < slots[b].order;
}

static void put(uint32_t place, uint32_t slot) {
	heap[place] = slot;
	slots[slot].place = place;
}

static void sift_up(uint32_t place) {
	uint32_t slot = heap[place];
	for (; place > 0 && before(slot, heap[(place - 1) / 2]); place = (place - 1) / 2) put(place, heap[(place - 1) / 2]);
	put(place, slot);
}

static void sift_down(uint32_t place) {
	uint32_t slot = heap[place];
	for (uint32_t child; (child = place * 2 + 1) < heap_size; place = child) {
		if (child + 1 < heap_size && before(heap[child + 1], heap[child])) child++;
		if (!before(heap[child], slot)) break;
		put(place, heap[child]);
	}
	put(place, slot);
}

static void leave_heap(uint32_t place) {
	uint32_t last = heap[--heap_size];
	if (place == heap_size) return;
	put(place, last);
	sift_up(place);
	sift_down(slots[last].place);
}

// Takes the timer out of the heap and frees its slot; the callback is the caller's.
static JSValue retire(uint32_t slot) {
	leave_heap(slots[slot].place);
	slots[slot].pending = false;
	slots[slot].generation++;
	slots[slot].place = free_slot;
	free_slot = slot;
	return slots[slot].callback;
}

static bool make_room(JSContext *ctx) {
	if (free_slot != UINT32_MAX) return true;
	uint32_t wanted = slot_count ? slot_count * 2 : 64;
	if (wanted > SLOTS) {
		JS_ThrowRangeError(ctx, "more than %u timers", slot_count);
		return false;
	}
	struct slot *more_slots = realloc(slots, wanted * sizeof *slots);
	if (more_slots) slots = more_slots;
	uint32_t *more_heap = realloc(heap, wanted * sizeof *heap);
	if (more_heap) heap = more_heap;
	if (!more_slots || !more_heap) {
		JS_ThrowOutOfMemory(ctx);
		return false;
	}
	for (uint32_t i = wanted; i-- > slot_count;) {
		slots[i] = (struct slot){.generation = 1, .place = free_slot};
		free_slot = i;
	}
	slot_count = wanted;
	return true;
}

static JSValue js_set_timer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	double milliseconds;
	if (!take_double(ctx, argv[0], "milliseconds", -LONGEST, LONGEST, &milliseconds)) return JS_EXCEPTION;
	if (!take_function(ctx, argv[1], "callback") || !make_room(ctx)) return JS_EXCEPTION;
	uint32_t slot = free_slot;
	struct slot *timer = &slots[slot];
	free_slot = timer->place;
	timer->callback = JS_DupValue(ctx, argv[1]);
	timer->due = now_nanoseconds() + (milliseconds > 0 ? (int64_t)(milliseconds * 1e6) : 0);
	timer->order = next_order++;
	timer->pending = true;
	heap[heap_size] = slot;
	sift_up(heap_size++);
	return JS_NewFloat64(ctx, (double)timer->generation * SLOTS + slot);
}

static JSValue js_clear_timer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int64_t id;
	if (!take_integer(ctx, argv[0], "id", 0, (INT64_C(1) << 52) - 1, &id)) return JS_EXCEPTION;
	uint32_t slot = id % SLOTS;
	if (slot < slot_count && slots[slot].pending && slots[slot].generation == id / SLOTS) JS_FreeValue(ctx, retire(slot));
	return JS_UNDEFINED;
}

int64_t next_timer(void) {
	return heap_size ? slots[heap[0]].due : -1;
}

void fire_timers(JSContext *ctx) {
	int64_t now = now_nanoseconds();
	// A timer that is set meanwhile waits for the next round, so that timers without delay do not keep the sockets waiting.
	uint64_t newer = next_order;
	while (heap_size && slots[heap[0]].due <= now && slots[heap[0]].order < newer) {
		JSValue callback = retire(heap[0]);
		call_back(ctx, callback, 0, NULL);
		JS_FreeValue(ctx, callback);
	}
}

void close_timers(JSContext *ctx) {
	while (heap_size) JS_FreeValue(ctx, retire(heap[0]));
	free(slots);
	free(heap);
}

static JSValue js_monotonic(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	return JS_NewFloat64(ctx, now_nanoseconds() / 1e6);
}

static JSValue js_wall_clock(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	return JS_NewFloat64(ctx, read_clock(CLOCK_REALTIME) / 1e6);
}

static JSValue js_set_wall_clock(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	double milliseconds;
	if (!take_double(ctx, argv[0], "milliseconds", 0, 253402300799999.0, &milliseconds)) return JS_EXCEPTION;
	int64_t whole = milliseconds;
	struct timespec wanted = {.tv_sec = whole / 1000, .tv_nsec = whole % 1000 * 1000000};
	if (clock_settime(CLOCK_REALTIME, &wanted) < 0) return throw_errno(ctx, errno, "clock_settime", "%.0f", milliseconds);
	return JS_UNDEFINED;
}

// Of a step: 0 once it was reached, and from then on nothing in JavaScript catches what ends the step.
static int is_late(JSRuntime *rt, void *limit) {
	if (read_clock(CLOCK_PROCESS_CPUTIME_ID) <= *(int64_t *)limit) return false;
	*(int64_t *)limit = 0;
	return true;
}

static JSValue js_within(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	double milliseconds;
	if (!take_double(ctx, argv[0], "milliseconds", 0, LONGEST, &milliseconds) || !take_function(ctx, argv[1], "step")) return JS_EXCEPTION;
	int64_t limit = read_clock(CLOCK_PROCESS_CPUTIME_ID) + (int64_t)(milliseconds * 1e6);
	JS_SetInterruptHandler(JS_GetRuntime(ctx), is_late, &limit);
	JSValue result = JS_Call(ctx, argv[1], JS_UNDEFINED, 0, NULL);
	JS_SetInterruptHandler(JS_GetRuntime(ctx), NULL, NULL);
	if (JS_IsException(result) && limit != 0) return result;
	JS_FreeValue(ctx, JS_IsException(result) ? JS_GetException(ctx) : result);
	return JS_NewBool(ctx, limit != 0);
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("setTimer", 2, js_set_timer),
	JS_CFUNC_DEF("clearTimer", 1, js_clear_timer),
	JS_CFUNC_DEF("within", 2, js_within),
	JS_CFUNC_DEF("monotonic", 0, js_monotonic),
	JS_CFUNC_DEF("wallClock", 0, js_wall_clock),
	JS_CFUNC_DEF("setWallClock", 1, js_set_wall_clock),
};
const struct function_list timer_functions = {functions, COUNT(functions)};
