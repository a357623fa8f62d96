// Arguments from JavaScript: checked strictly, so that no wrong value reaches a system call.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

bool take_double(JSContext *ctx, JSValueConst value, const char *name, double low, double high, double *out) {
	if (!JS_IsNumber(value)) {
		JS_ThrowTypeError(ctx, "%s must be a number", name);
		return false;
	}
	JS_ToFloat64(ctx, out, value);
	if (*out >= low && *out <= high) return true;
	JS_ThrowRangeError(ctx, "%s must be in %.17g..%.17g, it is %.17g", name, low, high, *out);
	return false;
}

bool take_integer(JSContext *ctx, JSValueConst value, const char *name, int64_t low, int64_t high, int64_t *out) {
	double number;
	if (!take_double(ctx, value, name, low, high, &number)) return false;
	if (number != floor(number)) {
		JS_ThrowRangeError(ctx, "%s must be an integer, it is %.17g", name, number);
		return false;
	}
	*out = number;
	return true;
}

bool take_int(JSContext *ctx, JSValueConst value, const char *name, int low, int high, int *out) {
	int64_t wide;
	if (!take_integer(ctx, value, name, low, high, &wide)) return false;
	*out = wide;
	return true;
}

bool take_fd(JSContext *ctx, JSValueConst value, int *out) {
	return take_int(ctx, value, "fd", 0, 1 << 20, out);
}

const char *take_string(JSContext *ctx, JSValueConst value, const char *name) {
	if (!JS_IsString(value)) {
		JS_ThrowTypeError(ctx, "%s must be a string", name);
		return NULL;
	}
	size_t length;
	const char *text = JS_ToCStringLen(ctx, &length, value);
	if (text && strlen(text) != length) {
		JS_FreeCString(ctx, text);
		JS_ThrowTypeError(ctx, "%s must not contain a NUL", name);
		return NULL;
	}
	return text;
}

bool take_function(JSContext *ctx, JSValueConst value, const char *name) {
	if (JS_IsFunction(ctx, value)) return true;
	JS_ThrowTypeError(ctx, "%s must be a function", name);
	return false;
}

bool take_bytes(JSContext *ctx, JSValueConst value, const char *name, struct bytes *out) {
	size_t offset, width, whole;
	JSValue buffer = JS_GetTypedArrayBuffer(ctx, value, &offset, &out->length, &width);
	if (JS_IsException(buffer)) return false;
	uint8_t *data = width == 1 ? JS_GetArrayBuffer(ctx, &whole, buffer) : NULL;
	JS_FreeValue(ctx, buffer);
	if (width != 1) {
		JS_ThrowTypeError(ctx, "%s must be a Uint8Array", name);
		return false;
	}
	if (!data && JS_HasException(ctx)) return false;
	// An empty array may have no memory at all; system calls get a valid pointer nevertheless.
	static uint8_t nothing;
	out->data = data ? data + offset : &nothing;
	return true;
}

JSValue new_bytes(JSContext *ctx, const void *data, size_t length) {
	JSValue buffer = JS_NewArrayBufferCopy(ctx, data, length);
	if (JS_IsException(buffer)) return buffer;
	JSValueConst arguments[3] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
	JSValue array = JS_NewTypedArray(ctx, 3, arguments, JS_TYPED_ARRAY_UINT8);
	JS_FreeValue(ctx, buffer);
	return array;
}

// The length of an array, -1 with an exception when `value` is none or longer than `most`.
static int array_length(JSContext *ctx, JSValueConst value, const char *name, int most) {
	if (JS_IsArray(ctx, value) <= 0) {
		if (!JS_HasException(ctx)) JS_ThrowTypeError(ctx, "%s must be an array", name);
		return -1;
	}
	JSValue property = JS_GetPropertyStr(ctx, value, "length");
	int length;
	bool ok = !JS_IsException(property) && take_int(ctx, property, name, 0, most, &length);
	JS_FreeValue(ctx, property);
	return ok ? length : -1;
}

char **take_strings(JSContext *ctx, JSValueConst value, const char *name, int most) {
	int length = array_length(ctx, value, name, most);
	if (length < 0) return NULL;
	char **strings = js_mallocz(ctx, sizeof *strings * (length + 1));
	if (!strings) return NULL;
	for (int i = 0; i < length; i++) {
		JSValue element = JS_GetPropertyUint32(ctx, value, i);
		const char *text = JS_IsException(element) ? NULL : take_string(ctx, element, name);
		JS_FreeValue(ctx, element);
		if (text) strings[i] = js_strdup(ctx, text);
		JS_FreeCString(ctx, text);
		if (!strings[i]) {
			free_strings(ctx, strings);
			return NULL;
		}
	}
	return strings;
}

void free_strings(JSContext *ctx, char **strings) {
	if (!strings) return;
	for (char **each = strings; *each; each++) js_free(ctx, *each);
	js_free(ctx, strings);
}

int *take_ints(JSContext *ctx, JSValueConst value, const char *name, int low, int high, int most, int *count) {
	int length = array_length(ctx, value, name, most);
	if (length < 0) return NULL;
	int *numbers = js_malloc(ctx, sizeof *numbers * (length + 1));
	if (!numbers) return NULL;
	for (int i = 0; i < length; i++) {
		JSValue element = JS_GetPropertyUint32(ctx, value, i);
		bool ok = !JS_IsException(element) && take_int(ctx, element, name, low, high, &numbers[i]);
		JS_FreeValue(ctx, element);
		if (!ok) {
			js_free(ctx, numbers);
			return NULL;
		}
	}
	*count = length;
	return numbers;
}
