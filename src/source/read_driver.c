// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what drives devices: /sys/bus/pci/drivers, loaded modules, where
 * vfio-pci is installed, /dev/vfio.  It loads nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/read.h"

static void read_driver_list(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;

	reader->system->drivers_known = root_list(
		reader->root, NULL, "sys/bus/pci/drivers", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *entry = listing.names[i];
		struct driver *driver = build_driver(
			&reader->builder,
			text_safe(reader->arena, entry, strlen(entry)));
		struct buf path = {0};
		buf_printf(&path, "sys/bus/pci/drivers/%s/module", entry);
		driver->module = read_link(reader, NULL, buf_str(&path));
		buf_free(&path);
	}
	reader->system->vfio.pci_driver =
		read_exists(reader, NULL, "sys/bus/pci/drivers/vfio-pci");
	arena_free(&names);
}

/* The first word of each line of /proc/modules; already with underscores. */
static void read_modules(struct reader *reader)
{
	struct host *host = &reader->system->host;
	const char **modules = NULL, *at, *line;
	size_t len, room = 0;

	host->modules_known = read_file(reader, "proc/modules");
	if (host->modules_known != KNOWN)
		return;
	at = buf_str(&reader->text);
	while (text_line(&at, buf_end(&reader->text), &line,
			 &len)) {
		const char *blank = memchr(line, ' ', len);
		modules = arena_grow(reader->arena, modules,
				     host->module_count, &room,
				     sizeof *modules);
		modules[host->module_count++] = text_safe(
			reader->arena, line,
			blank ? (size_t)(blank - line) : len);
	}
	host->modules = modules;
}

/* Return the line of a module list that names vfio-pci, or NULL. */
static const char *find_vfio(struct reader *reader)
{
	const char *at = buf_str(&reader->text), *line;
	size_t len;

	while (text_line(&at, buf_end(&reader->text), &line,
			 &len)) {
		const char *colon = memchr(line, ':', len);
		const char *stop = colon ? colon : line + len;
		const char *name = stop;
		while (name > line && name[-1] != '/')
			name--;
		if ((size_t)(stop - name) >= 11 &&
		    text_same_dashed(name, "vfio-pci.ko", 11))
			return text_safe(reader->arena, line,
					 (size_t)(stop - line));
	}
	return NULL;
}

static void read_vfio_module(struct reader *reader)
{
	static const char *const lists[] = { "modules.builtin",
					     "modules.dep" };
	static const char *const places[] = { "lib/modules",
					      "usr/lib/modules" };
	struct host *host = &reader->system->host;
	struct fact_text release =
		read_text(reader, NULL, "proc/sys/kernel/osrelease");
	enum known worst = ABSENT;

	host->vfio_module = (struct fact_text){ UNREAD, "" };
	if (release.known != KNOWN || strchr(release.value, '/'))
		return;
	for (size_t i = 0; i < 2; i++) {
		enum known known = UNREAD;
		for (size_t p = 0; p < 2 && known != KNOWN; p++) {
			struct buf path = {0};
			buf_printf(&path, "%s/%s/%s", places[p],
				   release.value, lists[i]);
			known = read_file(reader, buf_str(&path));
			buf_free(&path);
		}
		const char *line = known == KNOWN ? find_vfio(reader) : NULL;
		if (line) {
			host->vfio_module = (struct fact_text){ KNOWN, line };
			return;
		}
		if (known != KNOWN)
			worst = UNREAD;
	}
	host->vfio_module.known = worst;
}

static void read_nodes(struct reader *reader)
{
	struct vfio *vfio = &reader->system->vfio;
	struct arena names = {0};
	struct listing listing;

	vfio->nodes_known =
		root_list(reader->root, NULL, "dev/vfio", &names, &listing);
	const char **nodes = arena_array(reader->arena, listing.count + 1u,
					 sizeof *nodes);
	for (unsigned i = 0; i < listing.count; i++)
		nodes[i] = text_safe(reader->arena, listing.names[i],
				     strlen(listing.names[i]));
	vfio->nodes = nodes;
	vfio->node_count = listing.count;
	vfio->iommufd = read_exists(reader, NULL, "dev/iommu");
	arena_free(&names);
}

/* Module parameters print Y or N. */
static struct fact_num read_flag(struct reader *reader, const char *path)
{
	struct fact_text text = read_text(reader, NULL, path);

	if (text.known != KNOWN)
		return (struct fact_num){ text.known, 0 };
	return (struct fact_num){ KNOWN, *text.value == 'Y' ||
						 *text.value == '1' };
}

void read_drivers(struct reader *reader)
{
	struct host *host = &reader->system->host;

	read_driver_list(reader);
	read_modules(reader);
	read_vfio_module(reader);
	read_nodes(reader);
	host->unsafe_type1 = read_flag(
		reader, "sys/module/vfio_iommu_type1/parameters/"
			"allow_unsafe_interrupts");
	host->unsafe_iommufd = read_flag(
		reader, "sys/module/iommufd/parameters/"
			"allow_unsafe_interrupts");
	host->noiommu_mode = read_flag(
		reader, "sys/module/vfio/parameters/"
			"enable_unsafe_noiommu_mode");
	read_candidates(reader);
}
