// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what drives devices: /sys/bus/pci/drivers, loaded modules, where
 * vfio-pci is installed.  It loads nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
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

/*
 * "nvidia 62849024 41 nvidia_modeset,nvidia_uvm, Live 0x…": how often it is in
 * use besides by the modules named, which hold it once each.  Without
 * CONFIG_MODULE_UNLOAD there are dashes.
 */
static struct fact_num count_users(const char *line, const char *end)
{
	const char *at = line;
	uint64_t bytes, count;

	if (!num_take(&at, 10, &bytes) || !num_take(&at, 10, &count))
		return (struct fact_num){ UNREAD, 0 };
	for (at += strspn(at, " "); at < end && *at != ' '; at++)
		if (*at == ',' && count)
			count--;
	return (struct fact_num){ KNOWN, (int64_t)count };
}

/* Tell the drivers that came with the module. */
static void tell_users(struct system *system, const char *module,
		       struct fact_num users)
{
	for (unsigned i = 0; i < system->driver_count; i++)
		if (system->drivers[i].module.known == KNOWN &&
		    strcmp(system->drivers[i].module.value, module) == 0)
			system->drivers[i].users = users;
}

/* The first word of each line of /proc/modules; already with underscores. */
static void read_modules(struct reader *reader)
{
	struct host *host = &reader->system->host;
	const char **modules = NULL, *at, *line;
	struct fact_num *users = NULL;
	size_t len, room = 0, users_room = 0;

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
		users = arena_grow(reader->arena, users, host->module_count,
				   &users_room, sizeof *users);
		modules[host->module_count] = text_safe(
			reader->arena, line,
			blank ? (size_t)(blank - line) : len);
		users[host->module_count] = blank ?
			count_users(blank, line + len) :
			(struct fact_num){ UNREAD, 0 };
		tell_users(reader->system, modules[host->module_count],
			   users[host->module_count]);
		host->module_count++;
	}
	host->modules = modules;
	host->module_users = users;
}

/* Return the line of a module list that names the module, or NULL. */
static const char *find_module(struct reader *reader, const char *module)
{
	const char *at = buf_str(&reader->text), *line;
	size_t len, width = strlen(module);

	while (text_line(&at, buf_end(&reader->text), &line, &len)) {
		const char *colon = memchr(line, ':', len);
		const char *stop = colon ? colon : line + len;
		const char *name = stop;
		while (name > line && name[-1] != '/')
			name--;
		if ((size_t)(stop - name) >= width + 3 &&
		    text_same_dashed(name, module, width) &&
		    memcmp(name + width, ".ko", 3) == 0)
			return text_safe(reader->arena, line,
					 (size_t)(stop - line));
	}
	return NULL;
}

/* Read one of the kernel's lists of modules. */
static enum known read_module_list(struct reader *reader, const char *list)
{
	static const char *const places[] = { "lib/modules",
					      "usr/lib/modules" };
	struct fact_text release =
		read_text(reader, NULL, "proc/sys/kernel/osrelease");
	enum known known = UNREAD;

	if (release.known != KNOWN || strchr(release.value, '/'))
		return UNREAD;
	for (size_t i = 0; i < 2 && known != KNOWN; i++) {
		struct buf path = {0};
		buf_printf(&path, "%s/%s/%s", places[i], release.value, list);
		known = read_file(reader, buf_str(&path));
		buf_free(&path);
	}
	return known;
}

/* Where the modules are that vfio needs, and which candidates for a device
 * are built into the kernel. */
static void read_module_lists(struct reader *reader)
{
	struct host *host = &reader->system->host;
	const struct { const char *name; struct fact_text *fact; } wanted[] = {
		{ "vfio-pci", &host->vfio_module },
		{ "vfio_iommu_type1", &host->type1_module },
	};
	enum known builtin = read_module_list(reader, "modules.builtin");

	for (size_t i = 0; i < 2; i++) {
		const char *line = builtin == KNOWN ?
			find_module(reader, wanted[i].name) : NULL;
		*wanted[i].fact = (struct fact_text){
			line ? KNOWN : builtin == KNOWN ? ABSENT : UNREAD,
			line ? line : "",
		};
	}
	for (unsigned i = 0; builtin == KNOWN &&
	     i < reader->system->device_count; i++) {
		struct device *device = &reader->system->devices[i];
		char name[64];
		if (device->modules.known != KNOWN)
			continue;
		size_t len = strcspn(device->modules.value, " ");
		if (len >= sizeof name)
			continue;
		memcpy(name, device->modules.value, len);
		name[len] = '\0';
		device->builtin = (struct fact_num){
			KNOWN, find_module(reader, name) != NULL,
		};
	}
	enum known loadable = read_module_list(reader, "modules.dep");
	for (size_t i = 0; i < 2; i++) {
		const char *line = loadable == KNOWN ?
			find_module(reader, wanted[i].name) : NULL;
		if (line)
			*wanted[i].fact = (struct fact_text){ KNOWN, line };
		else if (loadable != KNOWN && wanted[i].fact->known == ABSENT)
			wanted[i].fact->known = UNREAD;
	}
}

void read_drivers(struct reader *reader)
{
	struct host *host = &reader->system->host;

	read_driver_list(reader);
	read_modules(reader);
	host->unsafe_type1 = read_flag(
		reader, "sys/module/vfio_iommu_type1/parameters/"
			"allow_unsafe_interrupts");
	host->unsafe_iommufd = read_flag(
		reader, "sys/module/iommufd/parameters/"
			"allow_unsafe_interrupts");
	host->noiommu_mode = read_flag(
		reader, "sys/module/vfio/parameters/"
			"enable_unsafe_noiommu_mode");
	host->enable_sriov = read_flag(
		reader, "sys/module/vfio_pci/parameters/enable_sriov");
	read_candidates(reader);
	read_module_lists(reader);
}
