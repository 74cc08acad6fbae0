// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the model that is no PCI device: systemd's services, virtual
 * consoles, and who holds a node.  What a service does is not known to it.
 *
 * Source: drivers/tty/vt/vt.c, store_bind(); systemctl(1).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/text.h"

void host_make(struct kernel *kernel)
{
	const struct system *system = kernel->system;
	const struct host *host = &system->host;

	kernel->service_count = host->service_count;
	kernel->service_room = host->service_count + 1u;
	kernel->services = arena_array(kernel->arena, host->service_count + 1u,
				       sizeof *kernel->services);
	for (unsigned i = 0; i < host->service_count; i++)
		kernel->services[i] = host->services[i];
	kernel->consoles = arena_array(kernel->arena,
				       system->vtconsole_count + 1u,
				       sizeof *kernel->consoles);
	for (unsigned i = 0; i < system->vtconsole_count; i++)
		kernel->consoles[i] = system->vtconsoles[i];
}

/* Return the place of a service that runs, or NULL. */
static const char **find_service(struct kernel *kernel, const char *name)
{
	for (unsigned i = 0; i < kernel->service_count; i++)
		if (kernel->services[i] &&
		    strcmp(kernel->services[i], name) == 0)
			return &kernel->services[i];
	return NULL;
}

static void start(struct kernel *kernel, const char *name)
{
	if (find_service(kernel, name))
		return;
	kernel->services = arena_grow(kernel->arena, kernel->services,
				      kernel->service_count,
				      &kernel->service_room,
				      sizeof *kernel->services);
	kernel->services[kernel->service_count++] =
		arena_text(kernel->arena, name);
}

int host_systemctl(struct kernel *kernel, const char *const *words)
{
	if (!words[0] || !words[1])
		return 1;
	const char **service = find_service(kernel, words[1]);
	if (strcmp(words[0], "start") == 0) {
		start(kernel, words[1]);
		return 0;
	}
	if (service)
		*service = NULL;
	/* Which processes belong to it nobody told; it was named because it
	 * keeps the devices busy. */
	kernel->released = true;
	return 0;
}

bool part_holds(const struct kernel *kernel, const struct holder *holder)
{
	return !kernel->released || text_starts(holder->node, "/dev/vfio/");
}

/* Return the console of "/sys/class/vtconsole/vtcon1/bind", or NULL. */
static struct vtconsole *find_console(const struct kernel *kernel,
				      const char *path)
{
	char name[64];

	path += sizeof PART_CONSOLES - 1;
	if (!part_take(&path, name, sizeof name) || strcmp(path, "bind") != 0)
		return NULL;
	for (unsigned i = 0; i < kernel->system->vtconsole_count; i++)
		if (strcmp(kernel->consoles[i].node, name) == 0)
			return &kernel->consoles[i];
	return NULL;
}

int host_write(struct kernel *kernel, const char *path, const char *value)
{
	struct vtconsole *console = text_starts(path, PART_CONSOLES) ?
		find_console(kernel, path) : NULL;

	if (!console)
		return ENOENT;
	console->bound = (struct fact_num){ KNOWN, strcmp(value, "0") != 0 };
	return 0;
}

static bool is_free(const struct kernel *kernel, const char *node, char *seen,
		    size_t size)
{
	const struct usage *usage = &kernel->system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *holder = &usage->holders[i];
		if (strcmp(holder->node, node) != 0 ||
		    !part_holds(kernel, holder))
			continue;
		snprintf(seen, size, "%s (%u)", holder->command, holder->pid);
		return false;
	}
	return true;
}

bool host_look(const struct kernel *kernel, const struct expect *expect,
	       char *seen, size_t size)
{
	snprintf(seen, size, "%s", "");
	if (expect->kind == EXPECT_FREE)
		return is_free(kernel, expect->path, seen, size);
	const struct vtconsole *console = find_console(kernel, expect->path);
	if (!console || expect->kind != EXPECT_TEXT)
		return console && expect->kind == EXPECT_EXISTS;
	snprintf(seen, size, "%d", console->bound.value != 0);
	return strcmp(seen, expect->value) == 0;
}

static void copy_holders(const struct kernel *kernel, struct usage *usage,
			 struct arena *arena)
{
	struct holder *holders = arena_array(arena, usage->holder_count + 1u,
					     sizeof *holders);
	unsigned count = 0;

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (part_holds(kernel, &usage->holders[i]))
			holders[count++] = usage->holders[i];
	usage->holders = holders;
	usage->holder_count = count;
}

void host_result(const struct kernel *kernel, struct system *result,
		 struct arena *arena)
{
	const char **services = arena_array(
		arena, kernel->service_count + 1u, sizeof *services);
	struct vtconsole *consoles = arena_array(
		arena, result->vtconsole_count + 1u, sizeof *consoles);
	unsigned count = 0;

	for (unsigned i = 0; i < kernel->service_count; i++)
		if (kernel->services[i])
			services[count++] = kernel->services[i];
	result->host.services = services;
	result->host.service_count = count;
	for (unsigned i = 0; i < result->vtconsole_count; i++)
		consoles[i] = kernel->consoles[i];
	result->vtconsoles = consoles;
	copy_holders(kernel, &result->usage, arena);
}
