// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which processes hold device nodes open: /proc/PID/fd.  A capture
 * keeps the result ("vfiotop/holders"), not every process's descriptors.
 * Who draws on which screens is in read_masters.c, who computes where in
 * read_kfd.c.
 *
 * A device that was taken out of its vfio group is a file without a node,
 * and is held also by a process that has let go of the group.  Newer kernels
 * say in /proc/PID/fdinfo which device it is.
 *
 * What was mapped and then closed is held as well, and stands in
 * /proc/PID/maps alone.  That may be long, so it is looked at once, and only
 * where something is to be done.
 *
 * Source: drivers/vfio/group.c, vfio_device_open_file(); vfio_main.c,
 * vfio_device_show_fdinfo(); Documentation/gpu/drm-usage-stats.rst;
 * drivers/nvme/host/multipath.c, nvme_add_ns_head_cdev().
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "decode/guest.h"
#include "source/read_kfd.h"

enum {
	COMMAND_BYTES = 128 * 1024,
	MAPS_BYTES = 8 * 1024 * 1024,
	LINGER_MS = 1200,	/* how long to look again and again … */
	LOOK_EVERY_MS = 100,	/* … for who opens a node for a moment */
};

/* Nodes that tie a process to a device, and the class whose entries are named
 * as they are; NULL: found in another way. */
static const struct {
	const char *prefix, *class;
} nodes[] = {
	{ "/dev/dri/", "drm" },		{ "/dev/nvidia", NULL },
	{ "/dev/kfd", NULL },		{ "/dev/snd/", "sound" },
	{ "/dev/fb", "graphics" },	{ "/dev/uio", "uio" },
	{ "/dev/video", "video4linux" }, { "/dev/i2c-", "i2c-dev" },
	{ "/dev/accel/", "accel" },	{ "/dev/ptp", "ptp" },
	{ "/dev/infiniband/uverbs", "infiniband_verbs" },
	{ "/dev/ttyS", "tty" },		{ "/dev/ttyUSB", "tty" },
	{ "/dev/ttyACM", "tty" },	{ "/dev/nvme", "nvme" },
	{ "/dev/sg", "scsi_generic" },
	{ "/dev/vfio/devices/", "vfio-dev" }, { "/dev/vfio/", NULL },
};

/* A name space of NVMe past the block layer.  With native multipath it belongs
 * to the subsystem, as its disk does, and so to every controller there. */
static const char generic[] = "/dev/ng";

static bool is_device_node(const char *target)
{
	if (text_starts(target, HOLDER_VFIO))
		return true;
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (text_starts(target, nodes[i].prefix))
			return true;
	return holder_is_disk(target) || strcmp(target, "/dev/iommu") == 0;
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
	struct bdf address;

	if (text_starts(node, HOLDER_VFIO " "))
		return bdf_parse(node + sizeof HOLDER_VFIO, &address) ?
			       system_device(reader->system, address) : NONE;
	if (text_starts(node, HOLDER_VFIO))
		return NONE;
	const char *name = strrchr(node, '/') + 1;

	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (nodes[i].class && text_starts(node, nodes[i].prefix))
			return device_of_class(reader, nodes[i].class, name);
	if (text_starts(node, "/dev/vfio/noiommu-"))
		return device_of_group(reader, name + strlen("noiommu-"));
	if (text_starts(node, "/dev/vfio/"))
		return device_of_group(reader, name);
	if (text_starts(node, "/dev/nvidia"))
		return device_of_nvidia(reader, node + strlen("/dev/nvidia"));
	return NONE;
}

static bool is_of_vfio(const char *node)
{
	return text_starts(node, "/dev/vfio/") ||
	       text_starts(node, HOLDER_VFIO) ||
	       strcmp(node, "/dev/iommu") == 0;
}

/* False when it is told already. */
static bool add_one(struct reader *reader, size_t *room,
		    const struct holder *holder)
{
	struct usage *usage = &reader->system->usage;

	for (unsigned i = usage->holder_count; i-- > 0;) {
		const struct holder *each = &usage->holders[i];
		if (each->pid == holder->pid &&
		    each->device == holder->device &&
		    strcmp(each->node, holder->node) == 0)
			return false;
	}
	struct holder *holders = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->holders,
		usage->holder_count, room, sizeof *holders);
	usage->holders = holders;
	holders[usage->holder_count++] = *holder;
	return true;
}

/* What a disk rests on, by its node. */
static void find_owners(struct reader *reader, const char *node,
			struct owners *owners)
{
	struct buf name = {0}, path = {0};

	block_name(reader, node, strlen(node), &name);
	if (text_starts(node, generic)) {
		buf_printf(&path, "sys/class/nvme-generic/%s", buf_str(&name));
		block_owners(reader, buf_str(&path), owners);
	} else {
		block_named(reader, buf_str(&name), owners);
	}
	buf_free(&name);
	buf_free(&path);
}

/* A disk may rest on several devices; one that rests on none does not
 * matter.  @more: of a DRM node the address that fdinfo tells, since a
 * container's card may have another number than the host's, and of /dev/kfd
 * that of a GPU that is used; of a node of VFIO the guest; or "". */
static bool add_holder(struct reader *reader, size_t *room, uint32_t pid,
		       const char *command, const char *node, const char *more,
		       bool mapped)
{
	struct holder holder = {
		.pid = pid, .mapped = mapped, .command = arena_text(reader->arena, command),
		.node = arena_text(reader->arena, node), .device = NONE,
	};
	struct owners owners = {0};
	struct bdf address;
	bool added = false;

	if (is_of_vfio(node) && *more)
		holder.guest = arena_text(reader->arena, more);
	if (!holder_is_disk(node)) {
		holder.device = !is_of_vfio(node) &&
						bdf_parse(more, &address) ?
			system_device(reader->system, address) :
			device_of_node(reader, node);
		return add_one(reader, room, &holder);
	}
	find_owners(reader, node, &owners);
	for (unsigned i = 0; i < owners.count; i++) {
		holder.device = owners.device[i];
		added |= add_one(reader, room, &holder);
	}
	return added;
}

/* What /proc/PID/fdinfo says of a descriptor under @key ("drm-pdev:"); ""
 * where it does not. */
static const char *told_of(struct reader *reader, const char *pid,
			   const char *fd, const char *key)
{
	char path[64];

	snprintf(path, sizeof path, "proc/%.12s/fdinfo/%.12s", pid, fd);
	if (root_read(reader->root, NULL, path, 4096, &reader->text) != KNOWN)
		return "";
	const char *at = strstr(buf_str(&reader->text), key);
	if (!at)
		return "";
	at += strlen(key);
	at += strspn(at, "\t ");
	return text_safe(reader->arena, at, strcspn(at, "\n"));
}

/* The name of the guest that a process runs which holds a node of VFIO, ""
 * where its command line does not say. */
static const char *guest_of(struct reader *reader, const char *pid,
			    const char *node)
{
	char path[64];

	snprintf(path, sizeof path, "proc/%.12s/cmdline", pid);
	if (!is_of_vfio(node) ||
	    root_read(reader->root, NULL, path, COMMAND_BYTES,
		      &reader->text) != KNOWN)
		return "";
	return guest_name(buf_str(&reader->text), reader->text.len,
			  reader->arena);
}

/* The address of the GPU that a descriptor of DRM is for; "" where the driver
 * does not tell it. */
static const char *pdev_of(struct reader *reader, const char *pid,
			   const char *fd, const char *node)
{
	return text_starts(node, "/dev/dri/") ?
		       told_of(reader, pid, fd, "drm-pdev:") : "";
}

/* Return the node in words that last; a vfio device's own file gets the
 * address that the kernel tells. */
static const char *name_node(struct reader *reader, const char *pid,
			     const char *fd, const char *target)
{
	char name[BDF_TEXT];
	struct bdf address;

	if (strcmp(target, HOLDER_VFIO) != 0)
		return target;
	const char *slash = strrchr(told_of(reader, pid, fd,
					    "vfio-device-syspath:"), '/');
	if (!slash || !bdf_parse(slash + 1, &address))
		return target;
	return arena_printf(reader->arena, "%s %s", target,
			    bdf_print(address, name));
}

/* Whether a process was seen with a descriptor of that node, which tells more
 * than a mapping does. */
static bool is_told(const struct usage *usage, uint32_t pid, const char *node)
{
	for (unsigned i = usage->holder_count; i-- > 0;) {
		const struct holder *each = &usage->holders[i];
		if (each->pid == pid &&
		    (strcmp(each->node, node) == 0 ||
		     (strcmp(node, HOLDER_VFIO) == 0 &&
		      text_starts(each->node, HOLDER_VFIO))))
			return true;
	}
	return false;
}

/* The file of a line of /proc/PID/maps, behind five fields; NULL when it is
 * of none. */
static const char *mapped_file(const char *line, size_t len)
{
	const char *end = line + len;

	for (unsigned fields = 0; fields < 5; fields++) {
		while (line < end && *line != ' ')
			line++;
		while (line < end && *line == ' ')
			line++;
	}
	return line < end ? line : NULL;
}

/* Add a process by one descriptor or mapping, and to the note; @more as in
 * add_holder. */
static void add_noted(struct reader *reader, size_t *room, uint64_t pid,
		      const char *command, const char *node, const char *more,
		      bool mapped, struct buf *note)
{
	/* Where a node leads is no secret of the process. */
	bool quiet = root_hush(reader->root, false);
	bool new = add_holder(reader, room, (uint32_t)pid, command, node, more,
			      mapped);

	root_hush(reader->root, quiet);
	if (new)
		buf_printf(note, "%u\t%s\t%s%s%s%s\n", (unsigned)pid, node,
			   command, *more || mapped ? "\t" : "", more,
			   mapped ? "\tmaps" : "");
}

/* Add the nodes that a process has mapped and closed. */
static void look_at_maps(struct reader *reader, const char *pid,
			 uint64_t number, size_t *room, struct buf *note)
{
	struct buf maps = {0};
	const char *at, *line;
	char path[64];
	size_t len;

	snprintf(path, sizeof path, "proc/%.12s/maps", pid);
	root_read(reader->root, NULL, path, MAPS_BYTES, &maps);
	at = buf_str(&maps);
	while (text_line(&at, buf_end(&maps), &line, &len)) {
		const char *file = mapped_file(line, len);
		if (!file || (!text_starts(file, "/dev/") &&
			      !text_starts(file, HOLDER_VFIO)))
			continue;
		const char *node = text_safe(reader->arena, file,
					     (size_t)(line + len - file));
		if (!is_device_node(node) ||
		    is_told(&reader->system->usage, (uint32_t)number, node))
			continue;
		snprintf(path, sizeof path, "proc/%.12s/comm", pid);
		struct fact_text comm = read_text(reader, NULL, path);
		const char *command = comm.known == KNOWN ? comm.value : "?";
		add_noted(reader, room, number, command, node, "", true, note);
	}
	buf_free(&maps);
}

/* One node for all GPUs: add the process once for each that it uses; false
 * where that cannot be told. */
static bool add_computing(struct reader *reader, size_t *room, const char *pid,
			  uint64_t number, const char *command,
			  struct buf *note)
{
	struct owners gpus = {0};
	char name[BDF_TEXT];

	if (!kfd_used_by(reader, pid, &gpus))
		return false;
	for (unsigned i = 0; i < gpus.count; i++)
		add_noted(reader, room, number, command, "/dev/kfd",
			  bdf_print(reader->system->devices[gpus.device[i]]
					    .address, name), false, note);
	return true;
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
		const char *node = name_node(reader, pid, listing.names[i],
					     text_safe(reader->arena,
						       buf_str(&reader->text),
						       reader->text.len));
		const char *more = is_of_vfio(node) ?
			guest_of(reader, pid, node) :
			pdev_of(reader, pid, listing.names[i], node);
		snprintf(path, sizeof path, "proc/%.12s/comm", pid);
		struct fact_text comm = read_text(reader, NULL, path);
		const char *command = comm.known == KNOWN ? comm.value : "?";
		if (strcmp(node, "/dev/kfd") != 0 ||
		    !add_computing(reader, room, pid, number, command, note))
			add_noted(reader, room, number, command, node, more,
				  false, note);
	}
	root_leave(reader->root, &at);
	arena_free(&names);
	return seen;
}

/* Look once at every process, and with @maps at what it has mapped. */
static enum known look_once(struct reader *reader, bool maps, size_t *room,
			    struct buf *note)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	enum known known = root_list(reader->root, NULL, "proc", &names,
				     &listing);

	usage->processes = usage->processes_hidden = 0;
	for (unsigned i = 0; known == KNOWN && i < listing.count; i++) {
		uint64_t pid;
		if (!num_parse(listing.names[i], 10, &pid) ||
		    pid == (uint64_t)getpid() || pid == (uint64_t)getppid())
			continue;	/* ourselves: see scout.c */
		usage->processes++;
		if (!look_at(reader, listing.names[i], pid, room, note))
			usage->processes_hidden++;
		else if (maps)
			look_at_maps(reader, listing.names[i], pid, room,
				     note);
	}
	arena_free(&names);
	return known != KNOWN		? known :
	       usage->processes_hidden ? DENIED :
	       usage->processes	       ? KNOWN : UNREAD;
}

static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000L +
	       (now.tv_nsec - start->tv_nsec) / 1000000L;
}

/* Who reads a sensor each second holds a node for some milliseconds, and is
 * in the way all the same. */
static void look_at_all(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct buf note = {0}, head = {0};
	struct timespec start;
	size_t room = 0;
	bool teed = root_hush(reader->root, true);

	clock_gettime(CLOCK_MONOTONIC, &start);
	bool again = reader->areas & AREA_LINGER;
	usage->holders_known = look_once(reader, again, &room, &note);
	while (again) {
		poll(NULL, 0, LOOK_EVERY_MS);
		again = ms_since(&start) < LINGER_MS;
		usage->holders_known = look_once(reader, false, &room, &note);
	}
	root_hush(reader->root, teed);
	buf_printf(&head, "%u %u\n%s", usage->processes,
		   usage->processes_hidden, buf_str(&note));
	if (usage->processes)
		root_note(reader->root, "vfiotop/holders", head.data,
			  head.len);
	buf_free(&note);
	buf_free(&head);
}

/* The rest of a line behind PID and NODE: the command, the address or the
 * guest where one was told, and "maps" where it is mapped alone.  No tab is in
 * a command that was made safe to print. */
static void take_holder(struct reader *reader, size_t *room, uint32_t pid,
			const char *node, const char *rest, size_t len)
{
	const char *tab = memchr(rest, '\t', len);
	size_t width = tab ? (size_t)(tab - rest) : len;
	const char *behind = tab ? tab + 1 : rest + len;
	const char *end = rest + len;
	const char *last = memchr(behind, '\t', (size_t)(end - behind));

	add_holder(reader, room, pid, text_safe(reader->arena, rest, width),
		   node, text_safe(reader->arena, behind,
				   (size_t)((last ? last : end) - behind)),
		   last && end - last == 5 && memcmp(last, "\tmaps", 5) == 0);
}

/* "412 0", then "PID<tab>NODE<tab>COMMAND" lines, some with
 * "<tab>ADDRESS" or "<tab>GUEST", and then "<tab>maps". */
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
		if (*node == '/' || text_starts(node, HOLDER_VFIO))
			take_holder(reader, &room, (uint32_t)pid, node,
				    second + 1,
				    (size_t)(line + len - second - 1));
	}
	buf_free(&text);
}

void read_holders(struct reader *reader)
{
	if (read_looks(reader, "vfiotop/holders"))
		look_at_all(reader);
	else
		take_all(reader);
}
