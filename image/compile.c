// Build tool, not part of the director: compiles a bundle to bytecode. It is built for the board's processor like the director
// itself, since bytecode is not the same for all, and runs on any x86 Linux.
//   compile bundle.js bundle.bytecode
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

static int nothing_to_fill(JSContext *ctx, JSModuleDef *module) {
	return 0;
}

// Only the names of imports matter here; the director fills `host`.
static JSModuleDef *load(JSContext *ctx, const char *name, void *opaque) {
	if (strcmp(name, "host") != 0) {
		JS_ThrowReferenceError(ctx, "the bundle imports %s, it may import only host", name);
		return NULL;
	}
	return JS_NewCModule(ctx, name, nothing_to_fill);
}

static char *read_source(const char *path, size_t *length) {
	FILE *file = fopen(path, "rb");
	if (!file) return NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	for (int c; memory && (c = getc(file)) != EOF;) putc(c, memory);
	fclose(file);
	if (!memory || fclose(memory) != 0) return NULL;
	*length = size;
	return text;
}

static int fail(JSContext *ctx) {
	JSValue exception = JS_GetException(ctx);
	const char *message = JS_ToCString(ctx, exception);
	JSValue stack = JS_GetPropertyStr(ctx, exception, "stack");
	const char *where = JS_ToCString(ctx, stack);
	fprintf(stderr, "%s\n%s", message ? message : "compilation failed", where ? where : "");
	return 1;
}

int main(int argc, char **argv) {
	if (argc != 3) {
		fputs("usage: compile bundle.js bundle.bytecode\n", stderr);
		return 2;
	}
	size_t length;
	char *source = read_source(argv[1], &length);
	if (!source) {
		perror(argv[1]);
		return 1;
	}
	JSRuntime *rt = JS_NewRuntime();
	JSContext *ctx = JS_NewContext(rt);
	// Lines stay for stack traces; the text of the functions is not needed.
	JS_SetStripInfo(rt, JS_STRIP_SOURCE);
	JS_SetModuleLoaderFunc(rt, NULL, load, NULL);
	JSValue module = JS_Eval(ctx, source, length, BUNDLE_NAME, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
	if (JS_IsException(module)) return fail(ctx);
	size_t size;
	uint8_t *bytecode = JS_WriteObject(ctx, &size, module, JS_WRITE_OBJ_BYTECODE);
	if (!bytecode) return fail(ctx);
	FILE *out = fopen(argv[2], "wb");
	if (!out || fwrite(bytecode, 1, size, out) != size || fclose(out) != 0) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
