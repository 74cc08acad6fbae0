// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text interface, put together: the floors below read and judge, tui/
 * shows, and this file hands the one to the other.
 */
#include "explore.h"

#include <fcntl.h>
#include <unistd.h>

#include "act/eyes.h"
#include "cli/complain.h"
#include "cli/machine.h"
#include "source/granted.h"
#include "source/names.h"
#include "source/watch.h"
#include "tui/tui.h"

struct explorer {
	struct eyes *eyes;	/* root's, while they look; NULL */
	bool interactive;	/* they may ask for rights on the terminal */
	struct machine machine;	/* .root: of the latest reading */
	const char *path;	/* -r; NULL: this machine */
	const struct bdf *wake;
	struct bdf wake_address;
	bool inside;		/* the initramfs is to be looked into, until a
				 * reading has done it */
	struct watch *watch;
	struct uevents uevents;	/* since what is shown was read */
	struct machine other;	/* to compare with; .root NULL: none */
};

static void close_eyes(struct explorer *explorer)
{
	if (explorer->eyes)
		eyes_close(explorer->eyes);
	explorer->eyes = NULL;
}

static bool open_eyes(struct explorer *explorer, bool linger, struct err *err)
{
	struct run_ways ways;

	if (!run_find_reader(explorer->interactive, linger, &ways,
			     &explorer->machine.arena, err))
		return false;
	explorer->eyes = eyes_open(&ways, &explorer->machine.arena, err);
	return explorer->eyes != NULL;
}

/* What was read before can be taken over where it is this machine, seen with
 * the same eyes, and all that has changed since is known. */
static bool can_be_brief(const struct explorer *explorer)
{
	const struct machine *machine = &explorer->machine;

	return machine->scout && !machine->scene.system->origin.lent &&
	       uevents_are_whole(&explorer->uevents);
}

/* This machine is read by another process, while keys are answered; anything
 * else is read at once when it is taken. */
static bool begin_reading(void *context, enum look look,
			  const struct bdf *wake, struct err *err)
{
	struct explorer *explorer = context;
	unsigned areas = AREA_ALL | (look == LOOK_LONG ? AREA_LINGER : 0);

	bool brief = look == LOOK_BRIEFLY && can_be_brief(explorer);

	close_eyes(explorer);
	explorer->inside = explorer->inside || look == LOOK_INSIDE;
	if (explorer->inside && !brief)
		areas |= AREA_INITRAMFS;
	uevents_begin(&explorer->uevents);
	if (look == LOOK_AS_ROOT || look == LOOK_LONG_AS_ROOT)
		return open_eyes(explorer, look == LOOK_LONG_AS_ROOT, err);
	explorer->wake = wake ? &explorer->wake_address : NULL;
	if (wake)
		explorer->wake_address = *wake;
	if (brief)
		return scout_start_briefly(explorer->machine.scout, areas,
					   explorer->machine.root,
					   &explorer->uevents, err);
	return !explorer->machine.scout ||
	       scout_start(explorer->machine.scout, areas, wake, err);
}

static bool reading_has_begun(void *context)
{
	const struct explorer *explorer = context;

	return !explorer->eyes || eyes_have_begun(explorer->eyes);
}

static int reading_fd(void *context)
{
	const struct explorer *explorer = context;

	if (explorer->eyes)
		return eyes_fd(explorer->eyes);
	return explorer->machine.scout ? scout_fd(explorer->machine.scout) :
					 -1;
}

static int reading_timeout(void *context)
{
	const struct explorer *explorer = context;

	if (explorer->eyes)
		return eyes_fd(explorer->eyes) < 0 ? 0 : -1;
	return explorer->machine.scout ?
		       scout_timeout(explorer->machine.scout) : 0;
}

static bool reading_step(void *context)
{
	struct explorer *explorer = context;

	if (explorer->eyes)
		return eyes_step(explorer->eyes);
	return !explorer->machine.scout || scout_step(explorer->machine.scout);
}

/* What was brought, by whoever it was sent for. */
static struct root *take_root(struct explorer *explorer, struct err *err)
{
	struct machine *machine = &explorer->machine;
	const char *bytes;
	size_t len;

	if (!explorer->eyes)
		return machine->scout ? scout_take(machine->scout, err) :
					root_open(explorer->path, err);
	struct root *root = eyes_take(explorer->eyes, &bytes, &len, err) ?
				    root_open_lent(bytes, len, err) : NULL;
	close_eyes(explorer);
	return root;
}

static const struct system *take_reading(void *context, struct arena *arena,
					 struct err *err)
{
	struct explorer *explorer = context;
	struct machine *machine = &explorer->machine;
	struct root *root = take_root(explorer, err);

	if (!root)
		return NULL;
	if (!explorer->inside &&
	    root_origin(root)->lent == root_origin(machine->root)->lent)
		root_carry_initramfs(root, machine->root);
	const struct system *system = source_read(
		root, arena,
		AREA_ALL | (explorer->inside ? AREA_INITRAMFS : 0),
		explorer->wake);
	/* Where it could not be read, looking costs nothing. */
	if (system->host.initramfs.known == KNOWN ||
	    system->host.initramfs.known == MALFORMED)
		explorer->inside = false;
	root_close(machine->root);
	machine->root = root;
	machine->scene.system = system;
	uevents_end(&explorer->uevents);
	return system;
}

static const struct names *name_devices(void *context,
					const struct system *system,
					struct arena *arena)
{
	(void)context;
	return names_load(system, arena);
}

/* What is shown was read whole, so that is written; a folder is read again,
 * for nothing overheard the first reading. */
static bool keep_machine(void *context, const char *path, struct err *err)
{
	struct explorer *explorer = context;

	return explorer->machine.scout ?
		       machine_keep(&explorer->machine, path, err) :
		       machine_capture(explorer->path, path, 0, err);
}

static const struct scene *open_other(void *context, const char *path,
				      struct err *err)
{
	struct explorer *explorer = context;
	struct machine other;

	if (!machine_open(&other, path, AREA_ALL, WITH_FINDINGS | WITH_NAMES,
			  err))
		return NULL;
	if (explorer->other.root)
		machine_close(&explorer->other);
	explorer->other = other;
	return &explorer->other.scene;
}

static bool take_news(void *context)
{
	struct explorer *explorer = context;

	return watch_take(explorer->watch, &explorer->uevents);
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
	struct machine *machine = &explorer.machine;
	struct err err;

	if (!machine_open(machine, options->root, AREA_ALL, WITH_FINDINGS,
			  &err))
		return complain(&err, EXIT_UNREADABLE);
	const struct system *system = machine->scene.system;
	bool live = system->origin.kind == ORIGIN_LIVE;
	bool piped = options->root && options->root[0] == '-' &&
		     !options->root[1];
	if (piped)
		take_terminal();
	machine->scene.ascii = options->ascii;
	if (live)
		explorer.watch = watch_open();
	const struct tui_config config = {
		.scene = &machine->scene,
		.color = color_of(options),
		.interactive = live && geteuid() != 0,
		.context = &explorer,
		.read = piped ? NULL : begin_reading,
		.read_fd = reading_fd,
		.read_timeout = reading_timeout,
		.read_step = reading_step,
		.read_has_begun = reading_has_begun,
		.read_take = take_reading,
		.names = name_devices,
		.grant = granted_read,
		.other = open_other,
		.capture = piped ? NULL : keep_machine,
		.watch_fd = explorer.watch ? watch_fd(explorer.watch) : -1,
		.watch = explorer.watch ? take_news : NULL,
	};
	explorer.interactive = config.interactive;
	bool ok = tui_run(&config, &err);
	close_eyes(&explorer);
	watch_close(explorer.watch);
	if (explorer.other.root)
		machine_close(&explorer.other);
	machine_close(machine);
	return ok ? EXIT_READY : complain(&err, EXIT_USAGE);
}
