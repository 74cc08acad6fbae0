// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Journals read back: the unfinished one after a crash, and the finished ones
 * for what a device was before.  It writes nothing.
 */
#include "act/history.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "act/record.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"
#include "model/topo.h"
#include "plan/past.h"

enum { JOURNAL_MOST = 1024 * 1024 };	/* bytes that are read back */

const char *history_folder(struct arena *arena, struct err *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (geteuid() == 0)
		return HISTORY_ROOT;
	if (runtime && *runtime == '/')
		return arena_printf(arena, "%s/vfiotop", runtime);
	err_set(err, _("There is no place for the journal: XDG_RUNTIME_DIR is "
		       "not set. Run as root, or log in with a session that "
		       "sets it."));
	return NULL;
}

bool history_is_busy(int file)
{
	return flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

/* Return the number of a history file's name, 0 for other names. */
static unsigned history_number(const char *name)
{
	static const char prefix[] = "history-";
	uint64_t number;

	if (!text_starts(name, prefix) ||
	    !num_parse(name + sizeof prefix - 1, 10, &number) ||
	    number > INT32_MAX)
		return 0;
	return (unsigned)number;
}

void history_range(int folder, unsigned *lowest, unsigned *highest)
{
	int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;

	*lowest = *highest = 0;
	while (list && (entry = readdir(list)) != NULL) {
		unsigned number = history_number(entry->d_name);
		if (number > *highest)
			*highest = number;
		if (number && (!*lowest || number < *lowest))
			*lowest = number;
	}
	if (list)
		closedir(list);
	else if (copy >= 0)
		close(copy);
}

/*
 * Return the text of a file in @arena, NULL when it cannot be read whole;
 * *busy: somebody is writing it.
 */
static const char *read_file(const char *folder, const char *name,
			     struct arena *arena, bool *busy)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct buf buf = {0};
	ssize_t count = 0;

	*busy = false;
	if (file < 0)
		return NULL;
	*busy = history_is_busy(file);
	while (buf.len < JOURNAL_MOST &&
	       (count = read(file, buf_room(&buf, 65536), 65536)) > 0)
		buf.len += (size_t)count;
	close(file);
	const char *text = NULL;
	if (count == 0 && buf.len < JOURNAL_MOST &&
	    !(buf.len && memchr(buf.data, '\0', buf.len)))
		text = arena_copy(arena, buf.data, buf.len);
	buf_free(&buf);
	return text;
}

bool history_is_unfinished(const char *folder)
{
	struct arena scratch = {0};
	bool busy;
	bool there = read_file(folder, "journal", &scratch, &busy) != NULL;

	arena_free(&scratch);
	return there && !busy;
}

bool history_is_there(const char *folder)
{
	struct arena scratch = {0};
	bool busy;
	bool there = read_file(folder, "journal", &scratch, &busy) != NULL;

	arena_free(&scratch);
	return there;
}

/* Whether the process that was stuck still is: by number and by name, for
 * numbers come again. */
static bool still_waits(unsigned pid, struct arena *arena)
{
	bool busy;
	const char *folder = arena_printf(arena, "/proc/%u", pid);
	const char *name = pid ? read_file(folder, "comm", arena, &busy) :
				 NULL;

	return name && (text_starts(name, "vfiotop-apply") ||
			text_starts(name, "modprobe"));
}

static const struct plan *plan_back(const struct record *record,
				    struct arena *arena)
{
	struct plan *plan = arena_alloc(arena, sizeof *plan);
	const struct record_undo *back =
		record_back(record, &plan->step_count, arena);
	struct step *steps = arena_array(arena, plan->step_count + 1u,
					 sizeof *steps);

	for (unsigned i = 0; i < plan->step_count; i++) {
		steps[i] = record->steps[back[i].step].undo[back[i].undo];
		steps[i].ensure = true;
	}
	plan->steps = steps;
	plan->title = arena_printf(arena, _("Take back: %s"), record->title);
	plan->recovers = true;
	return plan;
}

bool history_unfinished(const char *folder, struct arena *arena,
			struct record *record, struct err *err)
{
	bool busy;
	const char *text = read_file(folder, "journal", arena, &busy);

	if (busy)
		err_set(err, _("Another vfiotop is at work on this machine; "
			       "wait for it to end."));
	else if (!text)
		err_set(err, _("There is nothing to recover: no action is "
			       "unfinished in %s."), folder);
	else if (!record_parse(text, arena, record))
		err_set(err, _("%s/journal cannot be understood. Remove it "
			       "when the devices are as they should be."),
			folder);
	else if (still_waits(record->stuck_pid, arena))
		err_set(err, _("Process %u still waits in the kernel: until it "
			       "comes back, or the machine is started again, "
			       "nothing can be finished or taken back."),
			record->stuck_pid);
	else
		return true;
	return false;
}

const struct plan *history_recovery(const char *folder, struct arena *arena,
				    struct err *err)
{
	struct record record;

	return history_unfinished(folder, arena, &record, err) ?
		       plan_back(&record, arena) : NULL;
}

/* Return what @record says that a device had before, or NULL. */
static const char *home_in(const struct record *record,
			   const struct device *device, struct arena *arena)
{
	if (!record->finished || record->outcome ||
	    strcmp(record->intent, record_intent(INTENT_BIND)) != 0)
		return NULL;
	for (unsigned i = 0; i < record->device_count; i++) {
		const struct record_device *each = &record->devices[i];
		if (!each->left &&
		    !bdf_compare(each->address, device->address) &&
		    strcmp(each->ids, past_ids(device, arena)) == 0 &&
		    !topo_is_harmless_driver(each->driver) &&
		    !topo_is_uio_driver(each->driver))
			return each->driver;
	}
	return NULL;
}

/* Give a home to each device that has none yet; newest journals first. */
static void add_homes(const char *folder, const struct system *system,
		      const char **homes, struct arena *arena)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned lowest, highest;

	if (file < 0)
		return;
	history_range(file, &lowest, &highest);
	close(file);
	for (unsigned n = highest; n && n >= lowest; n--) {
		struct record record;
		bool busy;
		const char *text =
			read_file(folder, arena_printf(arena, "history-%u", n),
				  arena, &busy);
		if (!text || !record_parse(text, arena, &record))
			continue;
		for (unsigned i = 0; i < system->device_count; i++)
			if (!homes[i])
				homes[i] = home_in(&record,
						   &system->devices[i], arena);
	}
}

/* --- all that was done --- */

static void take_devices(struct past *past, const struct record *record,
			 struct arena *arena)
{
	struct home *homes = arena_array(arena, record->device_count + 1u,
					 sizeof *homes);
	const char **ids = arena_array(arena, record->device_count + 1u,
				       sizeof *ids);

	for (unsigned i = 0; i < record->device_count; i++) {
		const struct record_device *each = &record->devices[i];
		if (each->left)
			continue;
		ids[past->home_count] = each->ids;
		homes[past->home_count++] = (struct home){
			each->address, each->driver, each->override };
	}
	past->homes = homes;
	past->ids = ids;
}

static struct past past_of(const struct record *record, const char *folder,
			   unsigned number, struct arena *arena)
{
	struct past past = {
		.number = number, .folder = folder, .time = record->time,
		.title = record->title, .outcome = record->outcome,
		.session = record->session, .ends = record->ends,
		.undoes = record->undoes, .undoes_in = record->undoes_in,
	};
	struct step *steps = arena_array(arena, record->step_count + 1u,
					 sizeof *steps);

	for (unsigned i = 0; i < record->step_count; i++) {
		steps[i] = record->steps[i].step;
		if (!record->steps[i].begun)
			continue;
		steps[i].undo = record->steps[i].undo;
		steps[i].undo_count = record->steps[i].undo_count;
	}
	take_devices(&past, record, arena);
	past_others(&past, steps, record->step_count, arena);
	return past;
}

struct found_pasts {
	struct past *items;
	unsigned count;
	size_t room;
};

static void add_pasts(const char *folder, struct found_pasts *pasts,
		      struct arena *arena)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned lowest, highest;

	if (file < 0)
		return;
	history_range(file, &lowest, &highest);
	close(file);
	for (unsigned n = highest; n && n >= lowest; n--) {
		struct record record;
		bool busy;
		const char *text =
			read_file(folder, arena_printf(arena, "history-%u", n),
				  arena, &busy);
		if (!text || !record_parse(text, arena, &record))
			continue;
		pasts->items = arena_grow(arena, pasts->items, pasts->count,
					  &pasts->room, sizeof *pasts->items);
		pasts->items[pasts->count++] =
			past_of(&record, folder, n, arena);
	}
}

/* Newest first; ISO 8601 sorts as text. */
static int order_pasts(const void *a, const void *b)
{
	const struct past *x = a, *y = b;
	int by_time = strcmp(y->time, x->time);

	if (by_time || strcmp(x->folder, y->folder) != 0)
		return by_time;
	return x->number < y->number ? 1 : x->number > y->number ? -1 : 0;
}

struct pasts history_pasts(const char *const *folders, struct arena *arena)
{
	struct found_pasts found = {0};

	for (; *folders; folders++)
		add_pasts(*folders, &found, arena);
	if (found.count)
		qsort(found.items, found.count, sizeof *found.items,
		      order_pasts);
	past_mark(found.items, found.count);
	return (struct pasts){ found.items, found.count };
}

void history_folders(const char *folders[static 3], struct arena *arena)
{
	const char *own = history_folder(arena, NULL);
	unsigned count = 0;

	if (own)
		folders[count++] = own;
	if (!own || strcmp(own, HISTORY_ROOT) != 0)
		folders[count++] = HISTORY_ROOT;
	folders[count] = NULL;
}

void history_homes(const char *const *folders, const struct system *system,
		   struct intent *intent, struct arena *arena)
{
	const char **found = arena_array(arena, system->device_count + 1u,
					 sizeof *found);
	struct home *homes = arena_array(arena, system->device_count + 1u,
					 sizeof *homes);
	unsigned count = 0;

	for (; *folders; folders++)
		add_homes(*folders, system, found, arena);
	for (unsigned i = 0; i < system->device_count; i++)
		if (found[i])
			homes[count++] = (struct home){
				system->devices[i].address, found[i], NULL };
	intent->homes = homes;
	intent->home_count = count;
}
