// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command inspect: which device is meant, the confirmation, the asking,
 * the answer.
 */
#include "cli/perform.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/inspect.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/complain.h"
#include "cli/json_grant.h"
#include "cli/subject.h"
#include "model/topo.h"
#include "model/viable.h"
#include "source/granted.h"
#include "view/view_grant.h"

/* The one member of a group that is on a vfio driver. */
static bool only_member(const struct system *system, int group, int *device,
			struct err *err)
{
	const struct group *self = &system->groups[group];
	unsigned count = 0;

	for (unsigned i = 0; i < self->member_count; i++) {
		int at = self->members[i].device;
		if (at == NONE ||
		    system->devices[at].driver.known != KNOWN ||
		    !topo_is_vfio_driver(system->devices[at].driver.value))
			continue;
		*device = at;
		count++;
	}
	if (count == 1)
		return true;
	if (count)
		err_set(err, _("Group %u has %u devices on vfio: name one."),
			self->number, count);
	else
		err_set(err, _("No device of group %u is on a vfio driver."),
			self->number);
	return false;
}

/* A mediated device is named by its UUID and is in no list of PCI. */
static bool find(const struct system *system, const char *word, int *device,
		 const char **uuid, struct err *err)
{
	struct subject subject;

	*device = NONE;
	*uuid = word;
	if (viable_is_mediated(word))
		return true;
	if (!subject_find(system, word, &subject, err))
		return false;
	if (subject.scope == SCOPE_GROUP)
		return only_member(system, subject.index, device, err);
	if (subject.scope != SCOPE_DEVICE)
		err_set(err, _("A whole machine cannot be asked; name a "
			       "device."));
	*device = subject.index;
	return subject.scope == SCOPE_DEVICE;
}

static enum ask_way way_of(const struct options *options)
{
	return !options->api			    ? ASK_ANY :
	       strcmp(options->api, "group") == 0 ? ASK_GROUP : ASK_CDEV;
}

/* Whether the person agrees that it is reset. */
static bool agree(const struct options *options, const struct ask *ask,
		  struct arena *arena, struct err *err)
{
	char answer[16];

	if (options->yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		err_set(err, _("%s  --yes agrees to that."),
			ask_warning(ask, arena));
		return false;
	}
	fprintf(stderr, _("%s  Ask? [y/N] "), ask_warning(ask, arena));
	fflush(stderr);
	if (fgets(answer, sizeof answer, stdin) &&
	    (*answer == 'y' || *answer == 'Y'))
		return true;
	err_set(err, _("Nothing was opened."));
	return false;
}

static enum outcome wait_for(struct inspect *inspect)
{
	enum outcome outcome;

	while ((outcome = inspect_step(inspect)) == OUTCOME_RUNNING) {
		struct pollfd fd = { inspect_fd(inspect), POLLIN, 0 };
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			break;
	}
	return outcome;
}

static void print_grant(const struct options *options,
			const struct scene *scene, const struct ask *ask,
			const struct grant *grant)
{
	struct arena arena = {0};
	struct buf text = {0};
	struct page page;

	if (options->json) {
		json_print(json_grant(scene, ask, grant));
		return;
	}
	page_start(&page, &arena, 0);
	grant_page(scene, ask, grant, &page);
	page_text(&page, scene->ascii, &text);
	fputs(buf_str(&text), stdout);
	buf_free(&text);
	arena_free(&arena);
}

/* Refused before the device was opened, or failed after. */
static int status_of(const struct grant *grant)
{
	return grant->whole			? OUTCOME_DONE :
	       grant->stage == GRANT_INFO ? OUTCOME_ROLLED_BACK :
					    OUTCOME_REFUSED;
}

static int ask_now(const struct options *options, struct machine *machine,
		   const struct ask *ask)
{
	struct run_ways ways;
	struct err err;
	struct inspect *inspect = NULL;

	if (run_find(true, &ways, &machine->arena, &err))
		inspect = inspect_start(&ways, machine->scene.system, &ask->step,
					&machine->arena, &err);
	if (!inspect)
		return complain(&err, OUTCOME_REFUSED);
	enum outcome outcome = wait_for(inspect);
	const struct buf *record = inspect_record(inspect);
	const struct grant *grant = outcome != OUTCOME_DONE ? NULL :
		granted_read(buf_str(record), record->len, &machine->arena);
	int status = (int)outcome;
	if (grant) {
		print_grant(options, &machine->scene, ask, grant);
		status = status_of(grant);
	} else {
		err_set(&err, "%s", *inspect_failure(inspect) ?
				inspect_failure(inspect) :
				_("What came back makes no sense."));
		complain(&err, status);
		if (outcome == OUTCOME_DONE)
			status = OUTCOME_ROLLED_BACK;
	}
	inspect_end(inspect);
	return status;
}

int perform_inspect(const struct options *options, struct machine *machine)
{
	const struct system *system = machine->scene.system;
	const char *uuid;
	struct ask ask;
	struct err err;
	int device;

	if (!find(system, options->words[1], &device, &uuid, &err))
		return complain(&err, EXIT_USAGE);
	if (!ask_make(system, device, uuid, way_of(options), &machine->arena,
		      &ask, &err))
		return complain(&err, OUTCOME_REFUSED);
	if (system->origin.kind != ORIGIN_LIVE) {
		err_set(&err, _("Only the kernel of the machine itself can be "
				"asked, not a capture of it."));
		return complain(&err, OUTCOME_REFUSED);
	}
	if (options->dry_run) {
		puts(ask_warning(&ask, &machine->arena));
		return OUTCOME_DONE;
	}
	if (!agree(options, &ask, &machine->arena, &err))
		return complain(&err, OUTCOME_DECLINED);
	return ask_now(options, machine, &ask);
}
