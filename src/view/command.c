// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of commands and what follows from it: key bar, help, what is
 * possible.  It carries none of them out.
 */
#include "view/command.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "plan/past.h"
#include "view/ref.h"
#include "view/verdict.h"
#include "view/view_mdev.h"

#define LIST WHERE_LIST
#define PAGE WHERE_PAGE
#define PLAN WHERE_PLAN
#define RECOVERY WHERE_RECOVERY
#define NOTHING WANTS_NOTHING
#define ROW WANTS_ROW
#define DEVICE WANTS_DEVICE
#define CHOSEN WANTS_CHOSEN
#define DRIVERS WANTS_DRIVERS
#define SLEEPER WANTS_ASLEEP
#define ON_VFIO WANTS_ON_VFIO
#define ROOT WANTS_ROOT
#define QUESTION WANTS_QUESTION
#define FINDING WANTS_FINDING
#define UNDOABLE WANTS_UNDOABLE
#define WRITING WANTS_WRITING
#define PHYSICAL WANTS_PHYSICAL
#define MDEV_TYPE WANTS_MDEV_TYPE
#define MDEV WANTS_MDEV
#define MODULES WANTS_MODULES

const struct command commands[COMMAND_COUNT] = {
#define COMMAND(id, name, keys, where, wants, bar, help) \
	[COMMAND_##id] = { name, keys, where, wants, bar, help },
#include "view/commands.def"
#undef COMMAND
};

enum command_id command_of_stroke(int stroke, unsigned where)
{
	for (int i = 0; i < COMMAND_COUNT; i++)
		if ((commands[i].where & where) &&
		    stroke_is_among(stroke, commands[i].keys))
			return (enum command_id)i;
	return COMMAND_NONE;
}

enum command_id command_of_name(const char *name)
{
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return (enum command_id)i;
	return COMMAND_NONE;
}

static bool find_subject(const struct situation *situation,
			 struct subject *subject)
{
	const struct finding *finding;

	return situation->ref &&
	       ref_find(situation->scene, situation->ref, subject, &finding);
}

static const char *refuse_device(const struct situation *situation)
{
	struct subject subject;

	if (find_subject(situation, &subject) &&
	    (subject.scope == SCOPE_DEVICE || subject.scope == SCOPE_GROUP))
		return NULL;
	return _("Go to a device or a group first (2 shows the tree).");
}

static const char *refuse_writing(const struct situation *situation)
{
	if (situation->busy)
		return _("A plan is being carried out.");
	if (situation->stuck)
		return _("A device is stuck in the kernel: nothing more is "
			 "written before a restart.");
	if (situation->unread)
		return _("What was just done has not been read yet: wait a "
			 "moment, or read again with R.");
	if (situation->scene->system->origin.kind == ORIGIN_DUMP)
		return _("This is a dump of config space: it knows no drivers.");
	return NULL;
}

static const char *refuse_drivers(const struct situation *situation)
{
	const struct system *system = situation->scene->system;
	const char *why = refuse_writing(situation);

	if (why)
		return why;
	if (!known_is_settled(system->groups_known))
		return _("IOMMU groups are not known here.");
	if (!system->group_count)
		return _("There are no IOMMU groups; the summary (1) says "
			 "why.");
	return NULL;
}

static const char *refuse_physical(const struct situation *situation)
{
	struct subject subject;

	if (find_subject(situation, &subject) &&
	    subject.scope == SCOPE_DEVICE &&
	    situation->scene->system->devices[subject.index].sriov_total
			    .known == KNOWN)
		return NULL;
	return _("Go to a device with SR-IOV first (:vfs lists them).");
}

static const char *refuse_mdev(const struct situation *situation, bool type)
{
	struct mdev_ref found;

	if (mdev_find(situation->scene, situation->ref, &found) &&
	    (type ? found.type : found.item) != NONE)
		return NULL;
	return type ? _("Go to a type of mediated devices first (:mdev lists "
			"them).") :
		      _("Go to a mediated device first (:mdev lists them).");
}

static const char *refuse_asleep(const struct situation *situation)
{
	const struct system *system = situation->scene->system;
	struct subject subject;

	if (system->origin.kind != ORIGIN_LIVE)
		return _("This is not the live machine: nothing can be "
			 "woken.");
	if (!find_subject(situation, &subject) ||
	    subject.scope != SCOPE_DEVICE ||
	    !system->devices[subject.index].asleep)
		return _("Nothing sleeps under the cursor.");
	return NULL;
}

/* The device, or one of the group, is on a vfio driver. */
static bool is_on_vfio(const struct system *system, struct subject subject)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		bool meant = subject.scope == SCOPE_DEVICE ?
				     (int)i == subject.index :
				     device->group_index == subject.index;
		if (meant && device->driver.known == KNOWN &&
		    topo_is_vfio_driver(device->driver.value))
			return true;
	}
	return false;
}

static const char *refuse_on_vfio(const struct situation *situation)
{
	const struct system *system = situation->scene->system;
	struct subject subject;

	if (!find_subject(situation, &subject) ||
	    (subject.scope != SCOPE_DEVICE && subject.scope != SCOPE_GROUP))
		return _("Go to a device or a group first (2 shows the tree).");
	if (!is_on_vfio(system, subject))
		return _("It is not on a vfio driver: VFIO knows nothing of it. "
			 "b gives it to vfio-pci.");
	if (system->origin.kind != ORIGIN_LIVE)
		return _("Only the kernel of the machine itself can be asked, "
			 "not a capture of it.");
	if (situation->busy)
		return _("A plan is being carried out.");
	return NULL;
}

static const char *refuse_root(const struct situation *situation)
{
	const struct system *system = situation->scene->system;

	if (system->origin.kind != ORIGIN_LIVE)
		return _("This is not the live machine: nobody sees more of "
			 "it.");
	if (system->host.root && !system->origin.lent)
		return _("You are root: there is no more to be seen.");
	return NULL;
}

/* Something is said about the subject, its group, or the machine. */
static const char *refuse_finding(const struct situation *situation)
{
	if (findings_cause(situation->scene->findings) ||
	    verdict_count_unknown(situation->scene))
		return NULL;
	return _("There is nothing to explain: every rule passed.");
}

const char *command_refusal(enum command_id id,
			    const struct situation *situation)
{
	unsigned wants = commands[id].wants;
	const char *why = NULL;

	if (!(commands[id].where & situation->where))
		return _("This is not possible here.");
	if (wants & WANTS_ROW && !situation->ref)
		why = _("There is nothing under the cursor.");
	if (!why && wants & WANTS_DEVICE)
		why = refuse_device(situation);
	if (!why && wants & WANTS_CHOSEN && !situation->marked)
		why = refuse_device(situation);
	if (!why && wants & WANTS_UNDOABLE &&
	    !past_last(situation->scene->pasts))
		why = _("There is no action to take back.");
	if (!why && wants & WANTS_PHYSICAL)
		why = refuse_physical(situation);
	if (!why && wants & WANTS_MDEV_TYPE)
		why = refuse_mdev(situation, true);
	if (!why && wants & WANTS_MDEV)
		why = refuse_mdev(situation, false);
	if (!why && wants & WANTS_WRITING)
		why = refuse_writing(situation);
	if (!why && wants & WANTS_DRIVERS)
		why = refuse_drivers(situation);
	if (!why && wants & WANTS_ASLEEP)
		why = refuse_asleep(situation);
	if (!why && wants & WANTS_ON_VFIO)
		why = refuse_on_vfio(situation);
	if (!why && wants & WANTS_ROOT)
		why = refuse_root(situation);
	if (!why && wants & WANTS_QUESTION && !situation->asked)
		why = situation->busy ? _("The plan is being carried out.") :
					_("There is nothing to confirm; Esc "
					  "goes back.");
	if (!why && wants & WANTS_MODULES && !situation->modules)
		why = situation->busy ? _("The plan is being carried out.") :
				_("An unload is for nvidia or i915, as "
				  "modules, in a plan to bind or unbind.");
	if (!why && wants & WANTS_FINDING)
		why = refuse_finding(situation);
	return why;
}

/* Whether its word helps here: that of a session where one is, those of parts
 * where there can be some, yes where something is asked. */
static bool is_apt(enum command_id id, const struct situation *situation)
{
	if (commands[id].wants & (WANTS_PHYSICAL | WANTS_MDEV_TYPE |
				  WANTS_MDEV | WANTS_QUESTION |
				  WANTS_MODULES))
		return !command_refusal(id, situation);
	return id != COMMAND_TOGGLE ||
	       (situation->ref && text_starts(situation->ref, "session:"));
}

/* Columns that a command takes in the key bar. */
static int bar_columns(const struct command *command)
{
	char key[12];

	return (int)(text_width(stroke_first(command->keys, key)) + 1 +
		     text_width(_(command->bar)) + 2);
}

static int draw_bar_item(struct canvas *canvas, int x, int y,
			 enum command_id id,
			 const struct situation *situation)
{
	bool possible = !command_refusal(id, situation);
	char key[12];

	x += canvas_put(canvas, x, y, 12, possible ? ROLE_KEY : ROLE_DIM,
			stroke_first(commands[id].keys, key)) + 1;
	return x + canvas_put(canvas, x, y, 30,
			      possible ? ROLE_TEXT : ROLE_DIM,
			      _(commands[id].bar)) + 2;
}

void command_bar(struct canvas *canvas, struct rect area,
		 const struct situation *situation)
{
	/* The way out and the way to know more are always there. */
	static const enum command_id always[] = { COMMAND_HELP, COMMAND_QUIT };
	int x = area.x + 1, end = area.x + area.columns;

	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		end -= bar_columns(&commands[always[i]]);
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (!*commands[i].bar || i == COMMAND_HELP ||
		    i == COMMAND_QUIT ||
		    !(commands[i].where & situation->where) ||
		    !is_apt((enum command_id)i, situation) ||
		    x + bar_columns(&commands[i]) > end + 1)
			continue;
		x = draw_bar_item(canvas, x, area.y, (enum command_id)i,
				  situation);
	}
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		x = draw_bar_item(canvas, x, area.y, always[i], situation);
}

/* "↑ k": every key of a command. */
static const char *all_keys(const char *names, struct arena *arena)
{
	struct buf keys = {0};

	while (*names) {
		char key[12];
		const char *one = names;
		if (!stroke_take(&names))
			break;
		buf_printf(&keys, "%s%s", keys.len ? " " : "",
			   stroke_first(one, key));
	}
	const char *text = arena_text(arena, buf_str(&keys));
	buf_free(&keys);
	return text;
}

void command_help(const struct situation *situation, struct page *page)
{
	static const struct {
		enum command_id first;
		const char *title;
	} sections[] = {
		{ COMMAND_UP, N_("Moving") },
		{ COMMAND_BIND, N_("Devices") },
		{ COMMAND_SEARCH, N_("Lists") },
		{ COMMAND_COPY, N_("The machine") },
		{ COMMAND_SUMMARY, N_("Views") },
		{ COMMAND_CONFIRM, N_("A plan") },
		{ COMMAND_COMMAND, N_("The program") },
	};
	size_t next = 0;

	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (next < sizeof sections / sizeof *sections &&
		    sections[next].first == (enum command_id)i) {
			page_gap(page);
			page_indent(page, 1, 1);
			page_title(page, _(sections[next++].title));
		}
		const char *why = commands[i].where & situation->where ?
			command_refusal((enum command_id)i, situation) : NULL;
		page_indent(page, 2, 18);
		page_solid(page, ROLE_KEY,
			   *commands[i].keys ?
				all_keys(commands[i].keys, page->arena) :
				arena_printf(page->arena, ":%s",
					     commands[i].name));
		page_tab(page, 18);
		page_add(page, ROLE_TEXT, _(commands[i].help));
		page_end(page);
		if (why) {
			page_indent(page, 18, 18);
			page_printf(page, ROLE_DIM, _("Not now: %s"), why);
			page_end(page);
		}
	}
}
