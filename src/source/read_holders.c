// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which processes hold device nodes open: /proc/PID/fd.  A capture
 * keeps the result ("vfiotop/holders"), not every process's descriptors.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "decode/guest.h"
#include "source/read.h"

enum { COMMAND_BYTES = 128 * 1024 };

/* Nodes that tie a process to a device. */
static const char *const prefixes[] = {
	"/dev/dri/", "/dev/nvidia", "/dev/kfd", "/dev/snd/", "/dev/vfio/",
	"/dev/fb", "/dev/uio", "/dev/video", "/dev/i2c-",
};

static bool is_device_node(const char *target)
{
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (text_starts(target, prefixes[i]))
			return true;
	return strcmp(target, "/dev/iommu") == 0;
}

/* Nodes of a class are named as their class entries are. */
static int device_of_class(struct reader *reader, const char *class,
			   const char *name)
{
	char path[128];

	if (strlen(name) > 60 || strchr(name, '/'))
		return NONE;
	snprintf(path, sizeof path, "sys/class/%s/%s", class, name);
	return device_behind(reader, path);
}

/* /dev/nvidia0: the card whose "Device Minor" is 0. */
static int device_of_nvidia(struct reader *reader, const char *minor)
{
	struct arena names = {0};
	struct listing listing;
	uint64_t wanted;
	int found = NONE;

	if (!num_parse(minor, 10, &wanted))
		return NONE;
	root_list(reader->root, NULL, "proc/driver/nvidia/gpus", &names,
		  &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		struct bdf address;
		struct buf path = {0};
		uint64_t number;
		buf_printf(&path, "proc/driver/nvidia/gpus/%s/information",
			   listing.names[i]);
		enum known known = read_file(reader, buf_str(&path));
		buf_free(&path);
		const char *at = known == KNOWN ?
			strstr(buf_str(&reader->text), "Device Minor:") : NULL;
		if (at && bdf_parse(listing.names[i], &address)) {
			at += strlen("Device Minor:");
			if (num_take(&at, 10, &number) && number == wanted)
				found = system_device(reader->system, address);
		}
	}
	arena_free(&names);
	return found;
}

/* A group's node stands for the member that a vfio driver has. */
static int device_of_group(struct reader *reader, const char *number)
{
	uint64_t wanted;

	if (!num_parse(number, 10, &wanted))
		return NONE;
	for (unsigned i = 0; i < reader->system->device_count; i++) {
		const struct device *device = &reader->system->devices[i];
		if (device->group.known == KNOWN &&
		    device->group.value == (int64_t)wanted &&
		    device->driver.known == KNOWN &&
		    strstr(device->driver.value, "vfio"))
			return (int)i;
	}
	return NONE;
}

static int device_of_node(struct reader *reader, const char *node)
{
	const char *name = strrchr(node, '/') + 1;

	if (text_starts(node, "/dev/dri/"))
		return device_of_class(reader, "drm", name);
	if (text_starts(node, "/dev/snd/"))
		return device_of_class(reader, "sound", name);
	if (text_starts(node, "/dev/fb"))
		return device_of_class(reader, "graphics", name);
	if (text_starts(node, "/dev/video"))
		return device_of_class(reader, "video4linux", name);
	if (text_starts(node, "/dev/i2c-"))
		return device_of_class(reader, "i2c-dev", name);
	if (text_starts(node, "/dev/uio"))
		return device_of_class(reader, "uio", name);
	if (text_starts(node, "/dev/vfio/devices/"))
		return device_of_class(reader, "vfio-dev", name);
	if (text_starts(node, "/dev/vfio/noiommu-"))
		return device_of_group(reader, name + strlen("noiommu-"));
	if (text_starts(node, "/dev/vfio/"))
		return device_of_group(reader, name);
	if (text_starts(node, "/dev/nvidia"))
		return device_of_nvidia(reader, node + strlen("/dev/nvidia"));
	return NONE;
}

static void add_holder(struct reader *reader, size_t *room, uint32_t pid,
		       const char *command, const char *node,
		       const char *guest)
{
	struct usage *usage = &reader->system->usage;

	for (unsigned i = usage->holder_count; i-- > 0;) {
		const struct holder *each = &usage->holders[i];
		if (each->pid != pid)
			break;
		if (strcmp(each->node, node) == 0)
			return;
	}
	struct holder *holders = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->holders,
		usage->holder_count, room, sizeof *holders);
	usage->holders = holders;
	holders[usage->holder_count++] = (struct holder){
		pid, arena_text(reader->arena, command),
		arena_text(reader->arena, node), device_of_node(reader, node),
		guest,
	};
}

/* The name of the guest that a process runs which holds a node of VFIO, ""
 * where its command line does not say. */
static const char *guest_of(struct reader *reader, const char *pid,
			    const char *node)
{
	char path[64];

	if (!text_starts(node, "/dev/vfio/") && strcmp(node, "/dev/iommu"))
		return "";
	snprintf(path, sizeof path, "proc/%.12s/cmdline", pid);
	if (root_read(reader->root, NULL, path, COMMAND_BYTES,
		      &reader->text) != KNOWN)
		return "";
	return guest_name(buf_str(&reader->text), reader->text.len,
			  reader->arena);
}

/* Look at one process; false when its descriptors are not ours to see. */
static bool look_at(struct reader *reader, const char *pid, uint64_t number,
		    size_t *room, struct buf *note)
{
	struct arena names = {0};
	struct listing listing;
	struct place at;
	char path[64];
	bool seen = false;

	snprintf(path, sizeof path, "proc/%.12s/fd", pid);
	enum known known = root_enter(reader->root, NULL, path, &at);
	if (known == ABSENT)
		return true;	/* gone meanwhile */
	if (known != KNOWN)
		return false;
	known = root_list(reader->root, &at, ".", &names, &listing);
	seen = known == KNOWN || known == ABSENT;
	for (unsigned i = 0; i < listing.count; i++) {
		if (root_link(reader->root, &at, listing.names[i],
			      &reader->text) != KNOWN ||
		    !is_device_node(buf_str(&reader->text)))
			continue;
		char *node = text_safe(reader->arena,
				       buf_str(&reader->text),
				       reader->text.len);
		snprintf(path, sizeof path, "proc/%.12s/comm", pid);
		struct fact_text comm = read_text(reader, NULL, path);
		const char *guest = guest_of(reader, pid, node);
		add_holder(reader, room, (uint32_t)number,
			   comm.known == KNOWN ? comm.value : "?", node,
			   guest);
		buf_printf(note, "%u\t%s\t%s%s%s\n", (unsigned)number, node,
			   comm.known == KNOWN ? comm.value : "?",
			   *guest ? "\t" : "", guest);
	}
	root_leave(reader->root, &at);
	arena_free(&names);
	return seen;
}

static void look_at_all(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	struct buf note = {0}, head = {0};
	size_t room = 0;
	bool teed = root_hush(reader->root, true);

	enum known known = root_list(reader->root, NULL, "proc", &names,
				     &listing);
	for (unsigned i = 0; known == KNOWN && i < listing.count; i++) {
		uint64_t pid;
		if (!num_parse(listing.names[i], 10, &pid) ||
		    pid == (uint64_t)getpid() || pid == (uint64_t)getppid())
			continue;	/* ourselves: see scout.c */
		usage->processes++;
		if (!look_at(reader, listing.names[i], pid, &room, &note))
			usage->processes_hidden++;
	}
	root_hush(reader->root, teed);
	usage->holders_known = known != KNOWN		? known :
			       usage->processes_hidden ? DENIED : KNOWN;
	buf_printf(&head, "%u %u\n%s", usage->processes,
		   usage->processes_hidden, buf_str(&note));
	root_note(reader->root, "vfiotop/holders", head.data, head.len);
	arena_free(&names);
	buf_free(&note);
	buf_free(&head);
}

/* "412 0", then "PID<tab>NODE<tab>COMMAND" lines. */
static void take_all(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct buf text = {0};
	const char *at, *line;
	size_t len, room = 0;
	uint64_t all = 0, hidden = 0, pid;

	usage->holders_known = read_file(reader, "vfiotop/holders");
	if (usage->holders_known == ABSENT)
		usage->holders_known = UNREAD;
	if (usage->holders_known != KNOWN)
		return;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	if (!num_take(&at, 10, &all) || !num_take(&at, 10, &hidden) ||
	    !text_line(&at, buf_end(&text), &line, &len))
		usage->holders_known = MALFORMED;
	usage->processes = (unsigned)all;
	usage->processes_hidden = (unsigned)hidden;
	if (hidden)
		usage->holders_known = DENIED;
	while (text_line(&at, buf_end(&text), &line, &len)) {
		const char *rest = line;
		const char *tab, *second;
		if (!num_take(&rest, 10, &pid) || *rest != '\t' ||
		    !(tab = memchr(line, '\t', len)) ||
		    !(second = memchr(tab + 1, '\t',
				      (size_t)(line + len - tab - 1))))
			continue;
		const char *node = text_safe(reader->arena, tab + 1,
					     (size_t)(second - tab - 1));
		const char *end = line + len, *third =
			memchr(second + 1, '\t', (size_t)(end - second - 1));
		const char *stop = third ? third : end;
		if (*node == '/')
			add_holder(reader, &room, (uint32_t)pid,
				   text_safe(reader->arena, second + 1,
					     (size_t)(stop - second - 1)),
				   node, third ?
				   text_safe(reader->arena, third + 1,
					     (size_t)(end - third - 1)) : "");
	}
	buf_free(&text);
}

void read_holders(struct reader *reader)
{
	if (root_kind(reader->root) == ORIGIN_LIVE)
		look_at_all(reader);
	else
		take_all(reader);
}
