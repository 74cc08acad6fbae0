// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which GPUs a process computes on that has /dev/kfd open, one node for all of
 * AMD's.  The kernel makes a record of every GPU for each such process, so that
 * a record alone means nothing: one with memory on the GPU, or with a queue of
 * it, uses it.  What the process did with nodes of DRM is read_holders.c's.
 *
 * Only a process that the kernel names by the number by which we see it is
 * found, for the folders have the numbers of the machine, whatever our own
 * namespace has.
 *
 * Source: drivers/gpu/drm/amd/amdkfd/kfd_process.c, kfd_create_process(),
 * kfd_procfs_show(), kfd_procfs_queue_show(); kfd_topology.c, node_show(),
 * kfd_topology_add_device().
 */
#include "source/read_kfd.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

#define KFD "sys/class/kfd/kfd"

/* The number behind "key " at the start of a line; false when it is not
 * there. */
static bool property(const struct buf *text, const char *key, uint64_t *value)
{
	const char *at = buf_str(text), *line;
	size_t len, width = strlen(key);

	while (text_line(&at, buf_end(text), &line, &len))
		if (len > width && memcmp(line, key, width) == 0 &&
		    line[width] == ' ') {
			line += width + 1;
			return num_take(&line, 10, value);
		}
	return false;
}

static int amdgpu_at(const struct reader *reader, struct bdf address)
{
	int device = system_device(reader->system, address);

	return device != NONE &&
	       reader->system->devices[device].driver.known == KNOWN &&
	       strcmp(reader->system->devices[device].driver.value,
		      "amdgpu") == 0 ? device : NONE;
}

/* "location_id 768", bus and function, and "domain 0".  Where a GPU is several
 * nodes, their number is in it, by kernel in the lowest bits or the highest. */
static int device_of_node(struct reader *reader, const char *node)
{
	uint64_t location, domain = 0;
	char path[96];

	snprintf(path, sizeof path, KFD "/topology/nodes/%.12s/properties",
		 node);
	if (read_file(reader, path) != KNOWN ||
	    !property(&reader->text, "location_id", &location))
		return NONE;
	property(&reader->text, "domain", &domain);
	struct bdf address = {
		.domain = (uint32_t)domain,
		.bus = (uint8_t)(location >> 8 & 0xff),
		.device = (uint8_t)(location >> 3 & 0x1f),
		.function = (uint8_t)(location & 7),
	};
	int device = amdgpu_at(reader, address);
	address.function = 0;
	return device == NONE ? amdgpu_at(reader, address) : device;
}

static int device_of_id(struct reader *reader, uint64_t id)
{
	struct arena names = {0};
	struct listing listing;
	int device = NONE;
	char path[96];

	root_list(reader->root, NULL, KFD "/topology/nodes", &names, &listing);
	for (unsigned i = 0; device == NONE && i < listing.count; i++) {
		snprintf(path, sizeof path,
			 KFD "/topology/nodes/%.12s/gpu_id", listing.names[i]);
		struct fact_num gpu = read_num(reader, NULL, path, 10);
		if (gpu.known == KNOWN && gpu.value > 0 &&
		    (uint64_t)gpu.value == id)
			device = device_of_node(reader, listing.names[i]);
	}
	arena_free(&names);
	return device;
}

/* Add the GPU with that id; false when it is none that we know. */
static bool add(struct reader *reader, uint64_t id, struct owners *gpus)
{
	int device = device_of_id(reader, id);

	if (device == NONE || gpus->count == MOST_OWNERS)
		return false;
	for (unsigned i = 0; i < gpus->count; i++)
		if (gpus->device[i] == device)
			return true;
	gpus->device[gpus->count++] = device;
	return true;
}

/* Files "vram_ID", bytes of memory on the GPU with that id. */
static bool add_by_memory(struct reader *reader, const char *pid,
			  struct owners *gpus)
{
	struct arena names = {0};
	struct listing listing;
	char path[96];
	bool whole = true;

	snprintf(path, sizeof path, KFD "/proc/%.12s", pid);
	root_list(reader->root, NULL, path, &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		uint64_t id;
		if (!text_starts(listing.names[i], "vram_") ||
		    !num_parse(listing.names[i] + strlen("vram_"), 10, &id))
			continue;
		snprintf(path, sizeof path, KFD "/proc/%.12s/%.24s", pid,
			 listing.names[i]);
		struct fact_num bytes = read_num(reader, NULL, path, 10);
		whole &= bytes.known == KNOWN;
		if (bytes.known == KNOWN && bytes.value)
			whole &= add(reader, id, gpus);
	}
	arena_free(&names);
	return whole;
}

/* Folders "queues/N", each with the id of its GPU in "gpuid". */
static bool add_by_queue(struct reader *reader, const char *pid,
			 struct owners *gpus)
{
	struct arena names = {0};
	struct listing listing;
	char path[96];
	bool whole = true;

	snprintf(path, sizeof path, KFD "/proc/%.12s/queues", pid);
	root_list(reader->root, NULL, path, &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		snprintf(path, sizeof path, KFD "/proc/%.12s/queues/%.12s/gpuid",
			 pid, listing.names[i]);
		struct fact_num id = read_num(reader, NULL, path, 10);
		whole &= id.known == KNOWN && id.value > 0 &&
			 add(reader, (uint64_t)id.value, gpus);
	}
	arena_free(&names);
	return whole;
}

bool kfd_used_by(struct reader *reader, const char *pid, struct owners *gpus)
{
	bool memory = add_by_memory(reader, pid, gpus);
	bool queues = add_by_queue(reader, pid, gpus);

	return memory && queues && gpus->count;
}
