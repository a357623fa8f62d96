// Where a line of the bundle comes from. The build puts a table beside the bytecode (image/lines.ts writes it): the names of
// the TypeScript files, each ended by NUL, an empty one at the end; then runs of lines as variable-length integers, seven bits
// a byte, lowest first, the highest bit set on all but the last byte:
//   bundle lines skipped since the last run, lines in this run, file number, line of the first in that file.
// Within a run both line numbers grow by one.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

static uint32_t take_varint(const uint8_t **p) {
	uint32_t value = 0;
	for (int shift = 0; *p < bundle->lines_end && shift < 32; shift += 7) {
		uint8_t byte = *(*p)++;
		value |= (uint32_t)(byte & 127) << shift;
		if (byte < 128) break;
	}
	return value;
}

// The file and line of a bundle line; false where the table has none.
static bool find_line(uint32_t line, const char **file, uint32_t *file_line) {
	const uint8_t *p = bundle->lines;
	while (p < bundle->lines_end && *p) p += strlen((const char *)p) + 1;
	p++;
	for (uint32_t first = 1; p < bundle->lines_end;) {
		first += take_varint(&p);
		uint32_t count = take_varint(&p), number = take_varint(&p), start = take_varint(&p);
		if (line < first) return false;
		if (line < first + count) {
			*file = (const char *)bundle->lines;
			while (number-- > 0) *file += strlen(*file) + 1;
			*file_line = start + (line - first);
			return true;
		}
		first += count;
	}
	return false;
}

char *describe_stack(const char *stack) {
	static const char name[] = BUNDLE_NAME ":";
	char *described = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&described, &size);
	if (!out) return NULL;
	for (const char *hit; (hit = strstr(stack, name)); ) {
		char *end;
		unsigned long line = strtoul(hit + sizeof name - 1, &end, 10);
		const char *file;
		uint32_t file_line;
		fwrite(stack, 1, hit - stack, out);
		if (end > hit + sizeof name - 1 && find_line(line, &file, &file_line)) {
			fprintf(out, "%s:%u", file, file_line);
			// The column counts in the bundle, it says nothing about the TypeScript file.
			if (*end == ':') strtoul(end + 1, &end, 10);
		} else {
			fwrite(hit, 1, end - hit, out);
		}
		stack = end;
	}
	fputs(stack, out);
	return fclose(out) == 0 ? described : NULL;
}
