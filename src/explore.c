// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text interface, put together: the floors below read and judge, tui/
 * shows, and this file hands the one to the other.
 */
#include "explore.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/machine.h"
#include "source/archive.h"
#include "source/manifest.h"
#include "source/names.h"
#include "source/watch.h"
#include "tui/tui.h"

struct explorer {
	const char *path;	/* -r; NULL: this machine */
	struct root *root;	/* of the latest reading */
	struct watch *watch;
};

bool capture_root(struct root *root, struct arena *arena, const char *path,
		  struct err *err)
{
	root_tee(root);
	const struct system *system =
		source_read(root, arena, AREA_ALL, NULL);
	manifest_write(root_tree(root), system);
	return archive_write(root_tree(root), path, err);
}

static const struct system *read_again(void *context, const struct bdf *wake,
				       struct arena *arena, struct err *err)
{
	struct explorer *explorer = context;
	struct root *root = root_open(explorer->path, err);

	if (!root)
		return NULL;
	const struct system *system =
		source_read(root, arena, AREA_ALL, wake);
	root_close(explorer->root);
	explorer->root = root;
	return system;
}

static const struct names *name_devices(void *context,
					const struct system *system,
					struct arena *arena)
{
	(void)context;
	return names_load(system, arena);
}

static bool keep_machine(void *context, const char *path, struct err *err)
{
	struct explorer *explorer = context;
	struct arena arena = {0};
	struct root *root = root_open(explorer->path, err);
	bool ok = root && capture_root(root, &arena, path, err);

	root_close(root);
	arena_free(&arena);
	return ok;
}

static bool take_news(void *context)
{
	struct explorer *explorer = context;

	return watch_take(explorer->watch);
}

static enum term_color color_of(const struct options *options)
{
	return options->color == COLOR_NEVER  ? TERM_COLOR_NEVER :
	       options->color == COLOR_ALWAYS ? TERM_COLOR_ALWAYS :
						TERM_COLOR_AUTO;
}

/* A capture came in by standard input: the keys come from the terminal. */
static void take_terminal(void)
{
	int terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC);

	if (terminal < 0)
		return;	/* tui_run says what is missing */
	dup2(terminal, STDIN_FILENO);
	close(terminal);
}

int explore(const struct options *options)
{
	struct explorer explorer = { .path = options->root };
	struct machine machine;
	struct err err;

	if (!machine_open(&machine, options->root, AREA_ALL, WITH_FINDINGS,
			  &err))
		return complain(&err, EXIT_UNREADABLE);
	const struct system *system = machine.scene.system;
	bool live = system->origin.kind == ORIGIN_LIVE;
	bool piped = options->root && options->root[0] == '-' &&
		     !options->root[1];
	if (piped)
		take_terminal();
	machine.scene.ascii = options->ascii;
	if (live)
		explorer.watch = watch_open();
	const struct tui_config config = {
		.scene = &machine.scene,
		.color = color_of(options),
		.interactive = live && geteuid() != 0,
		.context = &explorer,
		.read = piped ? NULL : read_again,
		.names = name_devices,
		.capture = piped ? NULL : keep_machine,
		.watch_fd = explorer.watch ? watch_fd(explorer.watch) : -1,
		.watch = explorer.watch ? take_news : NULL,
	};
	bool ok = tui_run(&config, &err);
	watch_close(explorer.watch);
	root_close(explorer.root);
	machine_close(&machine);
	return ok ? EXIT_READY : complain(&err, EXIT_USAGE);
}
