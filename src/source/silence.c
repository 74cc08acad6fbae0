// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The list of what does not answer.  That something does not is found out in
 * scout.c.
 */
#include "source/silence.h"

#include <stdio.h>
#include <string.h>

#include "model/bdf.h"

bool silence_add(struct silence *silence, const char *path)
{
	if (silence->count == SILENCE_MOST || !*path ||
	    strlen(path) >= SILENCE_PATH)
		return false;
	snprintf(silence->paths[silence->count++], SILENCE_PATH, "%s", path);
	return true;
}

void silence_remove(struct silence *silence, const char *path)
{
	for (unsigned i = 0; i < silence->count; i++) {
		if (strcmp(silence->paths[i], path) != 0)
			continue;
		memmove(silence->paths[i], silence->paths[i + 1],
			(silence->count - i - 1) * sizeof *silence->paths);
		silence->count--;
		return;
	}
}

/* Return what stands behind the last PCI address of a path, or NULL when it
 * holds none: "drm/card0/uevent". */
static const char *inside_device(const char *path, struct bdf *address)
{
	const char *inside = NULL;

	for (const char *at = path; *at;) {
		size_t len = strcspn(at, "/");
		char name[BDF_TEXT];
		if (len > 10 && len < sizeof name) {
			memcpy(name, at, len);
			name[len] = '\0';
			if (bdf_parse(name, address))
				inside = at[len] ? at + len + 1 : at + len;
		}
		at += len;
		at += strspn(at, "/");
	}
	return inside;
}

/* Files whose reading takes no lock and touches no hardware. */
static bool is_free(const char *name)
{
	static const char *const names[] = {
		"class", "vendor", "device", "subsystem_vendor",
		"subsystem_device", "revision", "modalias", "resource", "irq",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_same_device(const char *a, const char *b)
{
	struct bdf first = {0}, second = {0};

	return inside_device(a, &first) && inside_device(b, &second) &&
	       bdf_compare(first, second) == 0;
}

bool silence_covers(const struct silence *silence, const char *path,
		    bool content)
{
	struct bdf address;

	if (!silence->count)
		return false;
	const char *inside = content ? inside_device(path, &address) : NULL;
	bool spread = inside && !is_free(inside);
	for (unsigned i = 0; i < silence->count; i++)
		if (strcmp(silence->paths[i], path) == 0 ||
		    (spread && is_same_device(silence->paths[i], path)))
			return true;
	return false;
}
