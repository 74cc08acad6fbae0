// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the model that is the loaded modules, as far as some are
 * unloaded.  What a driver does when its module comes is in kernel.c.
 *
 * Source: kernel/module/main.c, delete_module(); drivers/base/driver.c,
 * driver_unregister(); modprobe(8), -r.
 */
#include <stdio.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/text.h"

/* Modules that have no driver on the PCI bus, and what they stand on. */
static const struct {
	const char *name, *below;
} stands[] = {
	{ "nvidia_peermem", "nvidia" },	{ "nvidia_uvm", "nvidia" },
	{ "nvidia_modeset", "nvidia" },	{ "nvidia_drm", "nvidia_modeset" },
};

enum { STANDS = sizeof stands / sizeof *stands };

void module_make(struct kernel *kernel)
{
	const struct host *host = &kernel->system->host;

	for (unsigned i = 0; i < host->module_count; i++) {
		module_add(kernel, host->modules[i]);
		if (host->module_users)
			kernel->modules[i].users = host->module_users[i];
	}
}

static struct part_module *find(const struct kernel *kernel, const char *name)
{
	for (unsigned i = 0; i < kernel->module_count; i++)
		if (kernel->modules[i].name &&
		    text_same_dashed(kernel->modules[i].name, name,
				     strlen(name) + 1))
			return &kernel->modules[i];
	return NULL;
}

/* The kernel's own list has underscores. */
static const char *underscored(struct arena *arena, const char *name)
{
	char *copy = arena_text(arena, name);

	for (char *at = copy; (at = strchr(at, '-')) != NULL;)
		*at = '_';
	return copy;
}

void module_add(struct kernel *kernel, const char *name)
{
	if (find(kernel, name))
		return;
	kernel->modules = arena_grow(kernel->arena, kernel->modules,
				     kernel->module_count,
				     &kernel->module_room,
				     sizeof *kernel->modules);
	kernel->modules[kernel->module_count++] =
		(struct part_module){
			underscored(kernel->arena, name), { KNOWN, 0 } };
}

/* The driver that came with a module, or NULL. */
static struct driver *driver_of(const struct kernel *kernel, const char *name)
{
	for (unsigned i = 0; i < kernel->driver_count; i++) {
		struct driver *driver = &kernel->drivers[i];
		if (driver->module.known == KNOWN &&
		    text_same_dashed(driver->module.value, name,
				     strlen(name) + 1))
			return driver;
	}
	return NULL;
}

static bool is_loaded(const struct kernel *kernel, const char *name)
{
	return find(kernel, name) || driver_of(kernel, name);
}

bool module_load(struct kernel *kernel, const char *name)
{
	for (size_t i = 0; i < STANDS; i++) {
		const char *below = stands[i].below;
		if (strcmp(stands[i].name, name) != 0)
			continue;
		if (!module_load(kernel, below))
			part_register(kernel, below, strlen(below));
		module_add(kernel, stands[i].name);
		return true;
	}
	return false;
}

/* Who holds it by the count of the start: as long as nobody was told to go. */
static int64_t users_of(const struct kernel *kernel, const char *name)
{
	const struct part_module *module = find(kernel, name);
	const struct driver *driver = driver_of(kernel, name);
	const struct fact_num *users = driver ? &driver->users :
				       module ? &module->users : NULL;

	return users && users->known == KNOWN && !kernel->released ?
		       users->value : 0;
}

static int64_t refcnt(const struct kernel *kernel, const char *name)
{
	int64_t count = users_of(kernel, name);

	for (size_t i = 0; i < STANDS; i++)
		count += strcmp(stands[i].below, name) == 0 &&
			 is_loaded(kernel, stands[i].name);
	return count;
}

/* Its driver lets go of all that it has. */
static void unregister(struct kernel *kernel, struct driver *driver)
{
	unsigned at = (unsigned)(driver - kernel->drivers);

	for (unsigned i = 0; i < kernel->system->device_count; i++) {
		struct part *part = &kernel->parts[i];
		if (strcmp(part->driver, driver->name) != 0)
			continue;
		part->driver = "";
		part->was_unbound = true;
	}
	for (kernel->driver_count--; at < kernel->driver_count; at++)
		kernel->drivers[at] = kernel->drivers[at + 1];
}

int module_unload(struct kernel *kernel, const char *name)
{
	struct part_module *module = find(kernel, name);
	struct driver *driver = driver_of(kernel, name);

	/* One that is not there is as wanted. */
	if (!is_loaded(kernel, name))
		return 0;
	if (refcnt(kernel, name))
		return 1;
	if (driver)
		unregister(kernel, driver);
	if (module)
		module->name = NULL;
	/* What it stood on goes too, unless another stands there. */
	for (size_t i = 0; i < STANDS; i++)
		if (strcmp(stands[i].name, name) == 0)
			module_unload(kernel, stands[i].below);
	return 0;
}

/* Whether @word is one of those in @text. */
static bool has_word(const char *text, const char *word)
{
	const char *at = strstr(text, word);
	size_t len = strlen(word);

	return at && at != text && at[-1] == ' ' &&
	       (!at[len] || at[len] == ' ');
}

static bool is_spare(const struct kernel *kernel, const struct expect *expect,
		     const char *name, char *seen, size_t size)
{
	size_t len = strcspn(expect->value, " ");
	char address[BDF_TEXT];

	snprintf(seen, size, "%lld", (long long)refcnt(kernel, name));
	if (strcmp(seen, "0") != 0)
		return false;
	for (unsigned i = 0; i < kernel->system->device_count; i++) {
		const char *driver = kernel->parts[i].driver;
		bdf_print(kernel->system->devices[i].address, address);
		if (strlen(driver) != len ||
		    strncmp(driver, expect->value, len) != 0 ||
		    has_word(expect->value, address))
			continue;
		snprintf(seen, size, "%s", address);
		return false;
	}
	return true;
}

bool module_look(const struct kernel *kernel, const struct expect *expect,
		 char *seen, size_t size)
{
	const char *name = expect->path + sizeof PART_MODULES - 1;
	bool loaded = is_loaded(kernel, name);

	snprintf(seen, size, "%s", "");
	if (expect->kind == EXPECT_UNLOADED)
		return !loaded;
	if (expect->kind == EXPECT_SPARE)
		return loaded && is_spare(kernel, expect, name, seen, size);
	return loaded && expect->kind == EXPECT_EXISTS;
}

void module_result(const struct kernel *kernel, struct system *result,
		   struct arena *arena)
{
	const char **names = arena_array(arena, kernel->module_count + 1u,
					 sizeof *names);
	struct fact_num *users = arena_array(arena, kernel->module_count + 1u,
					     sizeof *users);
	unsigned count = 0;

	for (unsigned i = 0; i < kernel->module_count; i++) {
		if (!kernel->modules[i].name)
			continue;
		names[count] = arena_text(arena, kernel->modules[i].name);
		users[count] = kernel->modules[i].users;
		if (kernel->released && users[count].known == KNOWN)
			users[count].value = 0;
		count++;
	}
	result->host.modules = names;
	result->host.module_users = users;
	result->host.module_count = count;
}
