// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The main of a fuzz target where there is no libFuzzer: it runs the files
 * and directories named on the command line, or the target's own corpus, and
 * a fixed number of changed copies of each.  The changes are made from the
 * content alone, so that a run can be repeated.  It seeks no new paths.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
	INPUT_MOST = 1 << 20,
	CHANGED_COPIES = 64,
	CHANGES_MOST = 8,
	PATH_MOST = 4096,
};

/* Inputs end where the array ends, so that a sanitizer sees a read past. */
static uint8_t original[INPUT_MOST];
static uint8_t room[INPUT_MOST];

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* FNV-1a, and never 0. */
static uint64_t seed_of(const uint8_t *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash | 1;
}

static void change_one(uint64_t *state, uint8_t *bytes, size_t len)
{
	static const uint8_t odd[] = { 0, 1, 4, 0x10, 0x40, 0x7f, 0x80, 0xff };
	uint8_t *at = bytes + next(state) % len;

	switch (next(state) % 4) {
	case 0:
		*at ^= (uint8_t)(1u << (next(state) % 8));
		break;
	case 1:
		*at = (uint8_t)next(state);
		break;
	case 2:
		*at = odd[next(state) % sizeof odd];
		break;
	case 3:
		*at = bytes[next(state) % len];
		break;
	}
}

static void run(size_t len)
{
	uint8_t *bytes = room + sizeof room - len;

	memcpy(bytes, original, len);
	LLVMFuzzerTestOneInput(bytes, len);
}

static void run_changed(size_t len, uint64_t *state)
{
	/* Half of them are also cut. */
	size_t left = next(state) % 2 ? len : 1 + next(state) % len;
	uint8_t *bytes = room + sizeof room - left;
	uint64_t changes = 1 + next(state) % CHANGES_MOST;

	memcpy(bytes, original, left);
	while (changes--)
		change_one(state, bytes, left);
	LLVMFuzzerTestOneInput(bytes, left);
}

static unsigned run_file(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	size_t len = fread(original, 1, sizeof original, file);
	fclose(file);
	run(len);
	uint64_t state = seed_of(original, len);
	for (unsigned i = 0; len && i < CHANGED_COPIES; i++)
		run_changed(len, &state);
	return 1;
}

/* Return how many files were run. */
static unsigned run_path(const char *path)
{
	char inside[PATH_MOST];
	struct stat status;
	unsigned count = 0;

	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return run_file(path);
	DIR *dir = opendir(path);
	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
		count += run_path(inside);
	}
	if (dir)
		closedir(dir);
	return count;
}

/* The corpus of …/fuzz_NAME is tests/fuzz/corpus/NAME below the sources. */
static unsigned run_own_corpus(const char *program)
{
	const char *name = strstr(program, "fuzz_");
	const char *sources = getenv("srcdir");
	char path[PATH_MOST];

	for (const char *more; name && (more = strstr(name + 1, "fuzz_"));)
		name = more;
	if (!name)
		return 0;
	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s",
		 sources ? sources : ".", name + strlen("fuzz_"));
	return run_path(path);
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	for (int i = 1; i < argc; i++)
		count += run_path(argv[i]);
	if (argc < 2)
		count = run_own_corpus(argv[0]);
	printf("%u inputs, %u changed copies of each\n", count,
	       (unsigned)CHANGED_COPIES);
	if (!count)
		fprintf(stderr, "%s: no inputs were found; name files, or set "
			"srcdir\n", argv[0]);
	return count ? 0 : 1;
}
