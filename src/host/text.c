// UTF-8, as the Encoding Standard has it.
#include <string.h>

#include "host.h"

static const uint8_t replacement[3] = {0xef, 0xbf, 0xbd};

// Length of the well-formed sequence at `p`, or minus the length of the malformed part that reads as one U+FFFD
// (Unicode 3.9, "maximal subparts").
static int sequence(const uint8_t *p, const uint8_t *end) {
	uint8_t first = p[0], low = 0x80, high = 0xbf;
	int length;
	if (first < 0x80) return 1;
	if (first >= 0xc2 && first <= 0xdf) length = 2;
	else if (first >= 0xe0 && first <= 0xef) length = 3;
	else if (first >= 0xf0 && first <= 0xf4) length = 4;
	else return -1;
	if (first == 0xe0) low = 0xa0;
	if (first == 0xed) high = 0x9f;
	if (first == 0xf0) low = 0x90;
	if (first == 0xf4) high = 0x8f;
	for (int i = 1; i < length; i++) {
		if (p + i == end || p[i] < low || p[i] > high) return -i;
		low = 0x80;
		high = 0xbf;
	}
	return length;
}

static JSValue js_decode_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	struct bytes bytes;
	if (!take_bytes(ctx, argv[0], "bytes", &bytes)) return JS_EXCEPTION;
	const uint8_t *end = bytes.data + bytes.length;
	size_t malformed = 0;
	for (const uint8_t *p = bytes.data; p < end;) {
		int length = sequence(p, end);
		malformed += length < 0;
		p += length < 0 ? -length : length;
	}
	if (malformed == 0) return JS_NewStringLen(ctx, (const char *)bytes.data, bytes.length);
	uint8_t *clean = js_malloc(ctx, bytes.length + malformed * sizeof replacement);
	if (!clean) return JS_EXCEPTION;
	uint8_t *out = clean;
	for (const uint8_t *p = bytes.data; p < end;) {
		int length = sequence(p, end);
		size_t size = length < 0 ? sizeof replacement : (size_t)length;
		memcpy(out, length < 0 ? replacement : p, size);
		out += size;
		p += length < 0 ? -length : length;
	}
	JSValue text = JS_NewStringLen(ctx, (const char *)clean, out - clean);
	js_free(ctx, clean);
	return text;
}

static JSValue js_encode_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	if (!JS_IsString(argv[0])) return JS_ThrowTypeError(ctx, "text must be a string");
	size_t length;
	const char *text = JS_ToCStringLen(ctx, &length, argv[0]);
	if (!text) return JS_EXCEPTION;
	JSValue result = new_bytes(ctx, text, length);
	JS_FreeCString(ctx, text);
	struct bytes bytes;
	if (JS_IsException(result) || !take_bytes(ctx, result, "text", &bytes)) return result;
	// The engine writes a lone surrogate as ED A0..BF xx, which is as long as U+FFFD.
	uint8_t *p = bytes.data, *end = p + bytes.length;
	while (p + 2 < end && (p = memchr(p, 0xed, end - p - 2))) {
		if (p[1] >= 0xa0) memcpy(p, replacement, sizeof replacement);
		p++;
	}
	return result;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("encodeUtf8", 1, js_encode_utf8),
	JS_CFUNC_DEF("decodeUtf8", 1, js_decode_utf8),
};
const struct function_list text_functions = {functions, COUNT(functions)};
