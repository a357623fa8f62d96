// Names in the file system: what is there, and changing it.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

static const char *type_of(mode_t mode) {
	switch (mode & S_IFMT) {
	case S_IFDIR: return "directory";
	case S_IFBLK: return "block";
	case S_IFCHR: return "character";
	case S_IFSOCK: return "socket";
	case S_IFIFO: return "fifo";
	default: return "file";
	}
}

static JSValue js_stat(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	struct stat status;
	JSValue result = stat(path, &status) < 0 ? throw_errno(ctx, errno, "stat", "%s", path) : JS_NewObject(ctx);
	JS_FreeCString(ctx, path);
	if (JS_IsException(result)) return result;
	double modified = status.st_mtim.tv_sec * 1e3 + status.st_mtim.tv_nsec / 1e6;
	JS_SetPropertyStr(ctx, result, "type", JS_NewString(ctx, type_of(status.st_mode)));
	JS_SetPropertyStr(ctx, result, "size", JS_NewInt64(ctx, status.st_size));
	JS_SetPropertyStr(ctx, result, "mode", JS_NewInt32(ctx, status.st_mode & 07777));
	JS_SetPropertyStr(ctx, result, "modified", JS_NewFloat64(ctx, modified));
	return result;
}

static int compare_names(const void *a, const void *b) {
	return strcmp(*(char *const *)a, *(char *const *)b);
}

// Adds the names of an open folder to `names`; false without memory.
static bool collect_names(DIR *folder, char ***names, size_t *count) {
	size_t size = 0;
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
		if (*count == size) {
			size = size ? size * 2 : 64;
			char **more = realloc(*names, size * sizeof **names);
			if (!more) return false;
			*names = more;
		}
		if (!((*names)[*count] = strdup(entry->d_name))) return false;
		++*count;
	}
	return true;
}

static JSValue js_read_directory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	DIR *folder = opendir(path);
	if (!folder) throw_errno(ctx, errno, "opendir", "%s", path);
	JS_FreeCString(ctx, path);
	if (!folder) return JS_EXCEPTION;
	char **names = NULL;
	size_t count = 0;
	bool complete = collect_names(folder, &names, &count);
	closedir(folder);
	if (count > 0) qsort(names, count, sizeof *names, compare_names);
	JSValue result = complete ? JS_NewArray(ctx) : JS_ThrowOutOfMemory(ctx);
	for (size_t i = 0; i < count; i++) {
		if (!JS_IsException(result)) JS_SetPropertyUint32(ctx, result, i, JS_NewString(ctx, names[i]));
		free(names[i]);
	}
	free(names);
	return result;
}

static JSValue js_read_link(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	char target[4096];
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	ssize_t length = readlink(path, target, sizeof target);
	JSValue result = length < 0 ? throw_errno(ctx, errno, "readlink", "%s", path) : JS_NewStringLen(ctx, target, length);
	JS_FreeCString(ctx, path);
	return result;
}

static JSValue js_remove_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	JSValue result = unlink(path) < 0 ? throw_errno(ctx, errno, "unlink", "%s", path) : JS_UNDEFINED;
	JS_FreeCString(ctx, path);
	return result;
}

static JSValue js_rename(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	JSValue result = JS_EXCEPTION;
	const char *from = take_string(ctx, argv[0], "from");
	const char *to = from ? take_string(ctx, argv[1], "to") : NULL;
	if (to) result = rename(from, to) < 0 ? throw_errno(ctx, errno, "rename", "%s to %s", from, to) : JS_UNDEFINED;
	JS_FreeCString(ctx, from);
	JS_FreeCString(ctx, to);
	return result;
}

static JSValue with_mode(JSContext *ctx, JSValueConst *argv, const char *syscall, int (*call)(const char *path, mode_t mode)) {
	int mode;
	if (!take_int(ctx, argv[1], "mode", 0, 07777, &mode)) return JS_EXCEPTION;
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	JSValue result = call(path, mode) < 0 ? throw_errno(ctx, errno, syscall, "%s", path) : JS_UNDEFINED;
	JS_FreeCString(ctx, path);
	return result;
}

static JSValue js_make_directory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	return with_mode(ctx, argv, "mkdir", mkdir);
}

static JSValue js_change_mode(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	return with_mode(ctx, argv, "chmod", chmod);
}

static JSValue js_make_fifo(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	return with_mode(ctx, argv, "mkfifo", mkfifo);
}

static JSValue js_change_owner(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int user, group;
	if (!take_int(ctx, argv[1], "user", 0, INT32_MAX, &user) || !take_int(ctx, argv[2], "group", 0, INT32_MAX, &group)) return JS_EXCEPTION;
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	JSValue result = chown(path, user, group) < 0 ? throw_errno(ctx, errno, "chown", "%s", path) : JS_UNDEFINED;
	JS_FreeCString(ctx, path);
	return result;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("stat", 1, js_stat),
	JS_CFUNC_DEF("readDirectory", 1, js_read_directory),
	JS_CFUNC_DEF("readLink", 1, js_read_link),
	JS_CFUNC_DEF("removeFile", 1, js_remove_file),
	JS_CFUNC_DEF("rename", 2, js_rename),
	JS_CFUNC_DEF("makeDirectory", 2, js_make_directory),
	JS_CFUNC_DEF("changeMode", 2, js_change_mode),
	JS_CFUNC_DEF("makeFifo", 2, js_make_fifo),
	JS_CFUNC_DEF("changeOwner", 3, js_change_owner),
};
const struct function_list folder_functions = {functions, COUNT(functions)};
