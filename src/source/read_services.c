// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which of systemd's services run: each has a folder in the tree of
 * control groups.  It asks no daemon.
 *
 * Source: systemd.resource-control(5), "system.slice"; the three places are
 * those of the unified, the legacy and the hybrid hierarchy.
 */
#include <string.h>

#include "base/text.h"
#include "source/read.h"

struct services {
	const char **names;
	unsigned count;
	size_t room;
};

static void add_service(struct reader *reader, struct services *services,
			const char *name)
{
	services->names = arena_grow(reader->arena, services->names,
				     services->count, &services->room,
				     sizeof *services->names);
	services->names[services->count++] =
		text_safe(reader->arena, name, strlen(name));
}

static bool runs(const struct services *services, const char *name)
{
	for (unsigned i = 0; i < services->count; i++)
		if (strcmp(services->names[i], name) == 0)
			return true;
	return false;
}

static enum known take_slice(struct reader *reader, const char *folder,
			     struct services *services)
{
	struct arena names = {0};
	struct listing listing;
	enum known known =
		root_list(reader->root, NULL, folder, &names, &listing);

	for (unsigned i = 0; known == KNOWN && i < listing.count; i++)
		if (text_ends(listing.names[i], ".service"))
			add_service(reader, services, listing.names[i]);
	arena_free(&names);
	return known;
}

/* Every distribution calls its display manager by this second name. */
static void take_display_manager(struct reader *reader,
				 struct services *services)
{
	static const char alias[] = "display-manager.service";
	struct fact_text real = read_link(
		reader, NULL, "etc/systemd/system/display-manager.service");

	if (real.known == KNOWN && !runs(services, alias) &&
	    runs(services, real.value))
		add_service(reader, services, alias);
}

void read_services(struct reader *reader)
{
	static const char *const folders[] = {
		"sys/fs/cgroup/system.slice",
		"sys/fs/cgroup/systemd/system.slice",
		"sys/fs/cgroup/unified/system.slice",
	};
	struct host *host = &reader->system->host;
	struct services services = {0};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		host->services_known =
			take_slice(reader, folders[i], &services);
		if (host->services_known == KNOWN)
			break;
	}
	if (host->services_known == KNOWN)
		take_display_manager(reader, &services);
	host->services = services.names;
	host->service_count = services.count;
}
