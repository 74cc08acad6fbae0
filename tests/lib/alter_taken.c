// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Edits of alter.c about what the host does with its devices, each in place of
 * what was there; alter_use.c adds to it.
 */
#include "alter_part.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"

static void edit_storage(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->storage_known = DENIED;
		return;
	}
	struct storage_use *use = arena_alloc(edit->system->arena, sizeof *use);
	*use = (struct storage_use){
		.block = "sda1", .what = edit->words[2], .type = "ext4",
		.source = "/proc/self/mountinfo",
		.device = edit_device(edit, 1), .through = "",
	};
	usage->storage = use;
	usage->storage_count = 1;
}

static void edit_net(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->routes_known = usage->interfaces_known = DENIED;
		return;
	}
	struct interface *net = arena_alloc(edit->system->arena, sizeof *net);
	*net = (struct interface){
		.name = "eth0", .operstate = edit_text(edit, 2),
		.default_route = edit_number(edit->words[3]) != 0,
		.device = edit_device(edit, 1),
	};
	usage->interfaces = net;
	usage->interface_count = 1;
}

static void edit_holder(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->holders_known = DENIED;
		return;
	}
	struct holder *holders = arena_array(edit->system->arena,
					     usage->holder_count + 1u,
					     sizeof *holders);
	if (usage->holder_count)
		memcpy(holders, usage->holders,
		       usage->holder_count * sizeof *holders);
	holders[usage->holder_count++] = (struct holder){
		.pid = 912, .command = "someone", .node = edit->words[2],
		.mapped = strcmp(edit->words[0], "mapped") == 0,
		.device = strcmp(edit->words[1], "-") == 0 ?
				  NONE : edit_device(edit, 1),
		.guest = *edit->rest[2] ? edit->rest[2] : NULL,
	};
	usage->holders = holders;
}

static void edit_elsewhere(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->spaces_known = DENIED;
		return;
	}
	edit_storage(edit);
	((struct storage_use *)(uintptr_t)usage->storage)->pid = 4711;
}

/* claim 01:00.0 libvirt win10; pool 01:00.0 libvirt lan; claim ?; pool ? */
static void edit_claim(const struct edit *edit)
{
	struct claim *claim = arena_alloc(edit->system->arena, sizeof *claim);
	struct usage *usage = &edit->system->usage;
	bool pool = strcmp(edit->words[0], "pool") == 0;

	if (strcmp(edit->words[1], "?") == 0) {
		*(pool ? &usage->pools_known : &usage->claims_known) = DENIED;
		return;
	}
	*claim = (struct claim){ edit->words[2], edit->words[3],
				 "/run/claims", edit_device(edit, 1), pool };
	edit->system->usage.claims = claim;
	edit->system->usage.claim_count = 1;
}

/* loaded nvidia_drm 2: a module that is loaded, and how often it is in use */
static void edit_loaded(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct arena *arena = edit->system->arena;
	const char **names = arena_array(arena, host->module_count + 1u,
					 sizeof *names);
	struct fact_num *users = arena_array(arena, host->module_count + 1u,
					     sizeof *users);

	for (unsigned i = 0; i < host->module_count; i++) {
		names[i] = host->modules[i];
		users[i] = host->module_users ? host->module_users[i] :
						(struct fact_num){ KNOWN, 0 };
	}
	names[host->module_count] = edit->words[1];
	users[host->module_count] =
		(struct fact_num){ KNOWN, edit_number(edit->words[2]) };
	host->modules = names;
	host->module_users = users;
	host->module_count++;
}

static void edit_users(const struct edit *edit)
{
	int driver = system_driver(edit->system, edit->words[1]);

	if (driver == NONE)
		err_die("no such driver: %s", edit->words[1]);
	edit->system->drivers[driver].module =
		(struct fact_text){ KNOWN, edit->words[1] };
	edit->system->drivers[driver].users =
		(struct fact_num){ KNOWN, edit_number(edit->words[2]) };
}

static void edit_stack(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct stack_use *use = arena_alloc(edit->system->arena, sizeof *use);

	usage->stacks_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->stacks_known != KNOWN)
		return;
	*use = (struct stack_use){ "sda2", edit->words[2], "vg0-data",
				   edit_device(edit, 1) };
	usage->stacks = use;
	usage->stack_count = 1;
}

const struct edit_row alter_taken[] = {
	{ "storage", 2, edit_storage }, { "elsewhere", 2, edit_elsewhere },
	{ "claim", 2, edit_claim }, { "pool", 2, edit_claim },
	{ "users", 3, edit_users },
	{ "loaded", 3, edit_loaded }, { "mapped", 3, edit_holder },
	{ "net", 2, edit_net }, { "holder", 2, edit_holder },
	{ "stack", 2, edit_stack }, { 0 },
};
