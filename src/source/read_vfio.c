// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what of VFIO is there: nodes and who may open them, what its drivers
 * made for each device, parameters of its modules, and what the container
 * says it can do.  No group and no device is opened.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

/* Who may open a node: kept in a capture as "vfiotop/owner/…", since a
 * capture holds no device nodes. */
static void read_access(struct reader *reader, const char *folder,
			const char *name)
{
	struct vfio *vfio = &reader->system->vfio;
	char *path = arena_printf(reader->arena, "/%s%s", folder, name);
	struct owner owner = {0};
	struct node_access *access = arena_grow(
		reader->arena, (void *)(uintptr_t)vfio->access,
		vfio->access_count, &reader->access_room, sizeof *access);

	vfio->access = access;
	access += vfio->access_count++;
	*access = (struct node_access){
		.node = text_safe(reader->arena, path, strlen(path)),
		.mode = { root_owner(reader->root, path + 1, &owner), 0 },
	};
	if (access->mode.known == KNOWN)
		access->mode.value = owner.mode;
	access->uid = owner.uid;
	access->gid = owner.gid;
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
	for (unsigned i = 0; i < listing.count; i++) {
		nodes[i] = text_safe(reader->arena, listing.names[i],
				     strlen(listing.names[i]));
		if (strcmp(nodes[i], "devices") != 0)
			read_access(reader, "dev/vfio/", listing.names[i]);
	}
	vfio->nodes = nodes;
	vfio->node_count = listing.count;
	vfio->iommufd = read_exists(reader, NULL, "dev/iommu");
	if (vfio->iommufd.known == KNOWN)
		read_access(reader, "dev/", "iommu");
	vfio->cdevs_known = root_list(reader->root, NULL, "dev/vfio/devices",
				      &names, &listing);
	for (unsigned i = 0; i < listing.count; i++)
		read_access(reader, "dev/vfio/devices/", listing.names[i]);
	arena_free(&names);
}

/* The name of the folder that holds "vfio-dev" in a path: an address, a UUID,
 * or a name on another bus. */
static const char *owner_in(struct arena *arena, const char *path)
{
	const char *end = strstr(path, "/vfio-dev/");

	if (!end)
		return "";
	const char *start = end;
	while (start > path && start[-1] != '/')
		start--;
	return text_safe(arena, start, (size_t)(end - start));
}

/* "vfio0": a link to where its device is.  A mediated device lies below its
 * parent, so only the last name counts. */
static void read_device(struct reader *reader, const char *name,
			struct vfio_device *device)
{
	struct buf real = {0};
	struct bdf address;
	char path[128];

	*device = (struct vfio_device){
		.name = text_safe(reader->arena, name, strlen(name)),
		.owner = "", .device = NONE,
	};
	snprintf(path, sizeof path, "sys/class/vfio-dev/%.60s", name);
	if (root_real(reader->root, NULL, path, &real) == KNOWN)
		device->owner = owner_in(reader->arena, buf_str(&real));
	if (strlen(device->owner) > 10 && bdf_parse(device->owner, &address))
		device->device = system_device(reader->system, address);
	buf_free(&real);
}

static void read_vfio_devices(struct reader *reader)
{
	struct vfio *vfio = &reader->system->vfio;
	struct arena names = {0};
	struct listing listing;

	vfio->devices_known = root_list(reader->root, NULL,
					"sys/class/vfio-dev", &names, &listing);
	struct vfio_device *devices = arena_array(
		reader->arena, listing.count + 1u, sizeof *devices);
	for (unsigned i = 0; i < listing.count; i++)
		read_device(reader, listing.names[i], &devices[i]);
	vfio->devices = devices;
	vfio->device_count = listing.count;
	arena_free(&names);
}

static void read_parameters(struct reader *reader, const char *module)
{
	struct vfio *vfio = &reader->system->vfio;
	struct arena names = {0};
	struct listing listing;
	struct place at;
	char path[96];

	snprintf(path, sizeof path, "sys/module/%s/parameters", module);
	if (root_enter(reader->root, NULL, path, &at) != KNOWN)
		return;
	root_list(reader->root, &at, ".", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		struct module_parameter *list = arena_grow(
			reader->arena, (void *)(uintptr_t)vfio->parameters,
			vfio->parameter_count, &reader->parameter_room,
			sizeof *list);
		vfio->parameters = list;
		list[vfio->parameter_count++] = (struct module_parameter){
			module, text_safe(reader->arena, listing.names[i],
					  strlen(listing.names[i])),
			read_text(reader, &at, listing.names[i]),
		};
	}
	root_leave(reader->root, &at);
	arena_free(&names);
}

/* "version 0", and "extension N VALUE" for each that was asked for. */
static void read_extensions(struct reader *reader)
{
	struct vfio *vfio = &reader->system->vfio;
	const char *at, *line;
	size_t len;

	vfio->extensions_known = root_container(reader->root, &reader->text);
	at = buf_str(&reader->text);
	while (vfio->extensions_known == KNOWN &&
	       text_line(&at, buf_end(&reader->text), &line, &len)) {
		uint64_t number, value;
		const char *rest = line;
		if (text_starts(line, "version ")) {
			rest += strlen("version ");
			if (num_take(&rest, 10, &number) && number < 1000)
				vfio->version = (int)number;
		} else if (text_starts(line, "extension ")) {
			rest += strlen("extension ");
			if (num_take(&rest, 10, &number) && number < 32 &&
			    num_take(&rest, 10, &value) && value &&
			    rest <= line + len)
				vfio->extensions |= 1u << number;
		}
	}
}

void read_vfio(struct reader *reader)
{
	static const char *const modules[] = {
		"vfio", "vfio_iommu_type1", "vfio_iommu_spapr_tce", "iommufd",
		"vfio_pci_core", "vfio_pci",
	};

	read_nodes(reader);
	read_vfio_devices(reader);
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
		read_parameters(reader, modules[i]);
	read_extensions(reader);
}
