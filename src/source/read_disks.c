// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads disks and partitions: what they are and what is on them by udev's
 * database.  Nothing asks a disk: an attribute that the kernel would fetch
 * from the device (virtio's serial) is left alone.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/read_block.h"

enum { SECTOR_BYTES = 512, SERIAL_PAGE = 256, SERIAL_AT = 4 };

/* Names of block devices that are made of files or memory, or of others. */
static bool is_made(const char *name)
{
	static const char *const prefixes[] = { "loop", "ram", "zram", "dm-",
						"md", "bcache" };

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (text_starts(name, prefixes[i]))
			return true;
	/* nvme0c1n1: one path of several to nvme0n1, hidden. */
	return text_starts(name, "nvme") &&
	       name[4 + strspn(name + 4, "0123456789")] == 'c';
}

static struct fact_text attribute(struct reader *reader, const char *disk,
				  const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "sys/class/block/%.60s/%s", disk, name);
	return read_text(reader, NULL, path);
}

static struct fact_num number(struct reader *reader, const char *disk,
			      const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "sys/class/block/%.60s/%s", disk, name);
	return read_num(reader, NULL, path, 10);
}

/* The value of "E:KEY=value" in what udev keeps of the device. */
static struct fact_text udev_value(struct reader *reader, enum known known,
				   const char *text, const char *key)
{
	const char *at = text;
	size_t len = strlen(key);

	if (known != KNOWN)
		return (struct fact_text){ known, "" };
	while ((at = strstr(at, key)) != NULL) {
		if ((at == text || at[-1] == '\n') && at[len] == '=') {
			at += len + 1;
			return (struct fact_text){
				KNOWN, text_safe(reader->arena, at,
						 strcspn(at, "\n")),
			};
		}
		at += len;
	}
	return (struct fact_text){ ABSENT, "" };
}

/* SCSI and SATA: the page of its serial number, as the kernel keeps it. */
static struct fact_text page_serial(struct reader *reader, const char *disk)
{
	char path[128];

	snprintf(path, sizeof path, "sys/class/block/%.60s/device/vpd_pg80",
		 disk);
	enum known known = root_read(reader->root, NULL, path, SERIAL_PAGE,
				     &reader->text);
	if (known != KNOWN || reader->text.len <= SERIAL_AT)
		return (struct fact_text){ known == KNOWN ? ABSENT : known,
					   "" };
	return (struct fact_text){
		KNOWN, text_safe(reader->arena, reader->text.data + SERIAL_AT,
				 reader->text.len - SERIAL_AT),
	};
}

static void read_content(struct reader *reader, struct disk *disk,
			 bool is_whole)
{
	struct fact_text dev = attribute(reader, disk->name, "dev");
	struct buf path = {0}, text = {0};

	buf_printf(&path, "run/udev/data/b%s", dev.value);
	enum known known = dev.known == KNOWN ?
		read_file(reader, buf_str(&path)) : dev.known;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	disk->content = udev_value(reader, known, buf_str(&text),
				   "E:ID_FS_TYPE");
	disk->label = udev_value(reader, known, buf_str(&text),
				 "E:ID_FS_LABEL");
	if (is_whole && disk->serial.known != KNOWN)
		disk->serial = udev_value(reader, known, buf_str(&text),
					  "E:ID_SERIAL_SHORT");
	if (is_whole && disk->serial.known != KNOWN)
		disk->serial = page_serial(reader, disk->name);
	buf_free(&path);
	buf_free(&text);
}

/* "QEMU", "HARDDISK": SCSI has the maker apart, "ATA" says nothing. */
static struct fact_text model_of(struct reader *reader, const char *name)
{
	struct fact_text model = attribute(reader, name, "device/model");
	struct fact_text maker = attribute(reader, name, "device/vendor");

	if (model.known == KNOWN && maker.known == KNOWN && *maker.value &&
	    strcmp(maker.value, "ATA") != 0 &&
	    !text_starts(maker.value, "0x"))
		model.value = arena_printf(reader->arena, "%s %s",
					   maker.value, model.value);
	return model;
}

static int find_whole(const struct usage *usage, const char *real)
{
	const char *last = strrchr(real, '/');

	for (unsigned i = 0; last && i < usage->disk_count; i++) {
		size_t len = strlen(usage->disks[i].name);
		if ((size_t)(last - real) > len && last[-(long)len - 1] == '/' &&
		    memcmp(last - len, usage->disks[i].name, len) == 0)
			return (int)i;
	}
	return NONE;
}

static void read_one(struct reader *reader, const char *name, size_t *room)
{
	struct usage *usage = &reader->system->usage;
	struct owners owners = {0};
	struct buf path = {0}, real = {0};

	buf_printf(&path, "sys/class/block/%s", name);
	block_owners(reader, buf_str(&path), &owners);
	if (!owners.count ||
	    root_real(reader->root, NULL, buf_str(&path), &real) != KNOWN)
		goto out;
	struct disk *disks = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->disks,
		usage->disk_count, room, sizeof *disks);
	usage->disks = disks;
	struct disk *disk = &disks[usage->disk_count];
	*disk = (struct disk){
		.name = text_safe(reader->arena, name, strlen(name)),
		.whole = find_whole(usage, buf_str(&real)),
		.device = owners.device[0],
		.size_bytes = number(reader, name, "size"),
	};
	usage->disk_count++;
	disk->size_bytes.value *= SECTOR_BYTES;
	if (disk->whole == NONE) {
		disk->model = model_of(reader, name);
		disk->serial = attribute(reader, name, "device/serial");
		disk->removable = number(reader, name, "removable");
		disk->rotational = number(reader, name, "queue/rotational");
	}
	read_content(reader, disk, disk->whole == NONE);
out:
	buf_free(&path);
	buf_free(&real);
}

void read_disks(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;
	size_t room = 0;

	reader->system->usage.disks_known = root_list(
		reader->root, NULL, "sys/class/block", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++)
		if (!is_made(listing.names[i]) &&
		    strlen(listing.names[i]) < 60)
			read_one(reader, listing.names[i], &room);
	arena_free(&names);
}
