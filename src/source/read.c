// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of readers, and what they share.  Each reader fills one area of
 * the system; none of them judges.
 */
#include "source/read.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { ATTRIBUTE_BYTES = 4096, FILE_BYTES = 16 * 1024 * 1024 };

struct fact_text read_text(struct reader *reader, const struct place *at,
			   const char *path)
{
	enum known known = root_read(reader->root, at, path, ATTRIBUTE_BYTES,
				     &reader->text);

	if (known != KNOWN)
		return (struct fact_text){ known, "" };
	return (struct fact_text){
		KNOWN, text_safe(reader->arena, buf_str(&reader->text),
				 reader->text.len),
	};
}

struct fact_num read_num(struct reader *reader, const struct place *at,
			 const char *path, unsigned base)
{
	enum known known = root_read(reader->root, at, path, 64,
				     &reader->text);
	uint64_t value;
	int64_t number;

	if (known != KNOWN)
		return (struct fact_num){ known, 0 };
	if (base == 16 && num_parse(buf_str(&reader->text), 16, &value))
		return (struct fact_num){ KNOWN, (int64_t)value };
	if (base == 10 && num_parse_signed(buf_str(&reader->text), &number))
		return (struct fact_num){ KNOWN, number };
	return (struct fact_num){ MALFORMED, 0 };
}

struct fact_num read_flag(struct reader *reader, const char *path)
{
	struct fact_text text = read_text(reader, NULL, path);

	if (text.known != KNOWN)
		return (struct fact_num){ text.known, 0 };
	return (struct fact_num){ KNOWN, *text.value == 'Y' ||
						 *text.value == '1' };
}

enum known read_file(struct reader *reader, const char *path)
{
	return root_read(reader->root, NULL, path, FILE_BYTES, &reader->text);
}

struct fact_text read_link(struct reader *reader, const struct place *at,
			   const char *path)
{
	enum known known =
		root_link(reader->root, at, path, &reader->text);

	if (known != KNOWN)
		return (struct fact_text){ known, "" };
	const char *target = buf_str(&reader->text);
	const char *slash = strrchr(target, '/');
	const char *last = slash ? slash + 1 : target;
	return (struct fact_text){
		KNOWN, text_safe(reader->arena, last, strlen(last)),
	};
}

struct fact_num read_exists(struct reader *reader, const struct place *at,
			    const char *path)
{
	uint64_t size;
	enum known known = root_size(reader->root, at, path, &size);

	/* A name that may not be read is there all the same. */
	return (struct fact_num){ known, known == KNOWN };
}

bool read_looks(struct reader *reader, const char *kept)
{
	enum origin_kind kind = root_kind(reader->root);
	uint64_t size;

	if (root_recalls(reader->root, kept))
		return false;
	return kind == ORIGIN_LIVE ||
	       (kind == ORIGIN_DIRECTORY &&
		root_size(reader->root, NULL, kept, &size) != KNOWN);
}

int device_in_path(const struct system *system, const char *path)
{
	const char *end = path + strlen(path);

	while (end > path) {
		const char *start = end;
		struct bdf address;
		char name[32];
		while (start > path && start[-1] != '/')
			start--;
		size_t len = (size_t)(end - start);
		if (len < sizeof name) {
			memcpy(name, start, len);
			name[len] = '\0';
			if (len > 10 && bdf_parse(name, &address))
				return system_device(system, address);
		}
		end = start > path ? start - 1 : path;
	}
	return NONE;
}

int device_behind(struct reader *reader, const char *path)
{
	struct buf real = {0};
	int device = NONE;

	if (root_real(reader->root, NULL, path, &real) == KNOWN)
		device = device_in_path(reader->system, buf_str(&real));
	buf_free(&real);
	return device;
}

static const struct {
	unsigned area;
	void (*read)(struct reader *reader);
} readers[] = {
	{ AREA_DEVICES, read_devices },
	{ AREA_IOMMU, read_iommu },
	{ AREA_DRIVERS, read_drivers },
	{ AREA_DRIVERS, read_mdevs },
	{ AREA_DRIVERS, read_uios },
	{ AREA_DRIVERS, read_vfio },
	{ AREA_HOST, read_firmware },
	{ AREA_HOST, read_host },	/* fills what was not read */
	{ AREA_DEVICES, read_logged },
	{ AREA_HOST, read_boot },
	{ AREA_HOST, read_initramfs },
	{ AREA_HOST, read_services },
	{ AREA_DISPLAY, read_display },
	{ AREA_USAGE, read_gear },
	{ AREA_USAGE, read_usb },
	{ AREA_USAGE, read_input },
	{ AREA_USAGE, read_disks },
	{ AREA_USAGE, read_storage },
	{ AREA_USAGE, read_network },
	{ AREA_USAGE, read_holders },
	{ AREA_USAGE, read_masters },
	{ AREA_USAGE, read_claims },
};

const struct system *source_read(struct root *root, struct arena *arena,
				 unsigned areas, const struct bdf *wake)
{
	struct reader reader = {
		.root = root, .arena = arena, .wake = wake, .areas = areas,
	};
	unsigned count;

	build_start(&reader.builder, arena);
	reader.system = reader.builder.system;
	reader.system->origin = *root_origin(root);
	/* The root may be closed before the system goes. */
	reader.system->origin.path =
		arena_text(arena, reader.system->origin.path);
	reader.system->origin.time =
		arena_text(arena, reader.system->origin.time);
	reader.system->host.root = root_is_privileged(root);
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (areas & readers[i].area)
			readers[i].read(&reader);
	const struct problem *problems = root_problems(root, &count);
	for (unsigned i = 0; i < count; i++)
		build_problem(&reader.builder,
			      text_safe(arena, problems[i].path,
					strlen(problems[i].path)),
			      problems[i].errnum);
	buf_free(&reader.text);
	return build_freeze(&reader.builder);
}
