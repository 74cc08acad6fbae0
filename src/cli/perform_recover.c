// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is done about an action that did not come to its end, from the command
 * line.  What can be done is act/recovery's to say.
 */
#include "cli/perform.h"

#include <stdio.h>
#include <string.h>

#include "act/history.h"
#include "act/recovery.h"
#include "base/i18n.h"
#include "cli/complain.h"
#include "cli/perform_part.h"

/* What is to become of what was left: taken back, or brought to its end. */
static const struct plan *plan_recovery(struct machine *machine,
					const char *folder, bool finish,
					struct err *err)
{
	return finish ? recovery_finish(folder, machine->scene.system,
					&machine->arena, err) :
			recovery_back(folder, machine->scene.system,
				      &machine->arena, err);
}

static int forget(const struct options *options, const char *folder)
{
	struct err err;

	if (!options->yes && !options->dry_run &&
	    !perform_ask(_("Leave everything as it is, and forget what was begun? "
		   "[y/N]"))) {
		err_set(&err, _("Declined: nothing was forgotten. --yes "
				"answers for a script."));
		return complain(&err, OUTCOME_DECLINED);
	}
	if (!options->dry_run && !recovery_forget(folder, &err))
		return complain(&err, OUTCOME_REFUSED);
	puts(_("Forgotten: the devices stay as they are."));
	return OUTCOME_DONE;
}

/* What else there is, for who was refused. */
static int refused(const struct options *options, bool finish, int status)
{
	if (status == OUTCOME_REFUSED && !options->json)
		fputs(finish ?
			      _("Besides this, \"vfiotop recover\" takes back "
				"what was begun, and \"vfiotop recover "
				"forget\" leaves the devices as they are.\n") :
			      _("Besides this, \"vfiotop recover finish\" "
				"brings to its end what was begun, and "
				"\"vfiotop recover forget\" leaves the "
				"devices as they are.\n"), stderr);
	return status;
}

int perform_recover(const struct options *options, struct machine *machine)
{
	const char *how = options->word_count > 1 ? options->words[1] : "";
	bool finish = strcmp(how, "finish") == 0;
	bool forgets = strcmp(how, "forget") == 0;
	struct err err;

	if (options->word_count > 2 || (*how && !finish && !forgets)) {
		err_set(&err, _("recover takes back what was interrupted; or "
				"say \"recover finish\" or \"recover "
				"forget\"."));
		return complain(&err, EXIT_USAGE);
	}
	if (machine->scene.system->origin.kind != ORIGIN_LIVE) {
		err_set(&err, _("Only this machine can be recovered, not a "
				"capture of one."));
		return complain(&err, OUTCOME_REFUSED);
	}
	const char *folder = history_folder(&machine->arena, &err);
	if (!folder)
		return complain(&err, OUTCOME_REFUSED);
	if (!history_is_there(folder)) {
		puts(_("There is nothing to recover: no action was left "
		       "unfinished."));
		perform_warn_of_others(machine);
		return OUTCOME_DONE;
	}
	if (forgets)
		return forget(options, folder);
	const struct plan *plan = plan_recovery(machine, folder, finish, &err);
	if (!plan)
		return refused(options, finish,
			       complain(&err, OUTCOME_REFUSED));
	if (options->dry_run) {
		perform_say_plan(&machine->scene, plan);
		return OUTCOME_DONE;
	}
	return refused(options, finish,
		       perform_confirmed(options, machine, plan));
}
