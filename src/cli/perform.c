// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Acting from the command line: the plan shown, confirmed, done, verified.
 * What the steps are is the plan's business, how they are done is act's.
 */
#include "cli/perform.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/act.h"
#include "act/elsewhere.h"
#include "act/history.h"
#include "act/recovery.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/complain.h"
#include "cli/json.h"
#include "cli/perform_part.h"
#include "cli/subject.h"
#include "model/topo.h"

bool perform_find(struct machine *machine, const char *const *words,
		  unsigned count, struct intent *intent, struct err *err)
{
	const struct system *system = machine->scene.system;
	/* A group may be named, and each of its devices too. */
	struct bdf *devices = arena_array(&machine->arena,
					  (system->device_count + 1u) *
						  (count + 1u),
					  sizeof *devices);

	for (unsigned i = 0; i < count; i++) {
		struct subject subject;
		if (!subject_find(system, words[i], &subject, err))
			return false;
		if (subject.scope == SCOPE_SYSTEM) {
			err_set(err, _("A whole machine cannot be given away; "
				       "name a device or a group."));
			return false;
		}
		intent->device_count += subject_devices(
			system, subject, devices + intent->device_count);
	}
	intent->devices = devices;
	if (!count)
		err_set(err, _("Name at least one device (01:00.0) or group "
			       "(group:13)."));
	else if (!intent->device_count)
		err_set(err, _("The group holds nothing but bridges; there is "
			       "nothing to give away."));
	return count && intent->device_count;
}

/* What drove the devices before: only this machine's history tells. */
static void remember_homes(struct machine *machine, struct intent *intent)
{
	const struct system *system = machine->scene.system;
	const char *own = history_folder(&machine->arena, NULL);
	const char *const folders[] = { own ? own : HISTORY_ROOT,
					HISTORY_ROOT, NULL };

	if (system->origin.kind == ORIGIN_LIVE)
		history_homes(folders, system, intent, &machine->arena);
}

/* *status: how the program ends where there is none. */
static const struct plan *make_plan(const struct options *options,
				    struct machine *machine,
				    enum intent_kind kind, unsigned from,
				    int *status, struct err *err)
{
	struct intent *intent = arena_alloc(&machine->arena, sizeof *intent);

	intent->kind = kind;
	intent->driver = options->to ? options->to : "vfio-pci";
	*status = EXIT_USAGE;
	if (!plan_driver_is_name(intent->driver, err) ||
	    !perform_find(machine, options->words + from,
			  options->word_count - from, intent, err))
		return NULL;
	*status = OUTCOME_REFUSED;
	if (kind == INTENT_RESTORE)
		remember_homes(machine, intent);
	if (options->unload) {
		static const struct company unloads = { .unload = true };
		intent->company = &unloads;
	}
	return plan_make(machine->scene.system, intent, &machine->arena, err);
}

int perform_plan(const struct options *options, struct machine *machine,
		 enum intent_kind kind, unsigned from)
{
	struct err err;
	int status;
	const struct plan *plan =
		make_plan(options, machine, kind, from, &status, &err);

	if (!plan)
		return complain(&err, status);
	return perform_show(options, machine, plan);
}

/* --- doing --- */

/* Which soft gates nobody has accepted yet; "" when there is none. */
static const char *open_gates(const struct options *options,
			      struct arena *arena, const struct plan *plan)
{
	struct buf names = {0};

	for (unsigned i = 0; i < plan->gate_count; i++) {
		bool accepted = plan->gates[i].kind == GATE_HARD;
		for (unsigned a = 0; a < options->accept_count; a++)
			if (strcmp(options->accept[a], "all") == 0 ||
			    strcmp(options->accept[a], plan->gates[i].id) == 0)
				accepted = true;
		if (accepted || strstr(buf_str(&names), plan->gates[i].id))
			continue;
		if (names.len)
			buf_putc(&names, ',');
		buf_puts(&names, plan->gates[i].id);
	}
	const char *text = arena_text(arena, buf_str(&names));
	buf_free(&names);
	return text;
}

bool perform_ask(const char *question)
{
	char answer[64] = "";

	if (!isatty(STDIN_FILENO))
		return false;
	fprintf(stderr, "%s ", question);
	if (!fgets(answer, sizeof answer, stdin))
		return false;
	return strcmp(answer, "yes\n") == 0 || strcmp(answer, "y\n") == 0;
}

static void show_progress(const struct options *options,
			  const struct plan *plan, const struct act *act,
			  enum step_state *shown)
{
	struct arena arena = {0};

	for (unsigned i = 0; i < plan->step_count; i++) {
		const struct progress *progress = act_progress(act, i);
		const char *sign = progress->state == STEP_DONE	   ? "ok" :
				   progress->state == STEP_FAILED  ? "FAILED" :
				   progress->state == STEP_STUCK   ? "STUCK" :
				   progress->state == STEP_UNDONE  ? "undone" :
				   progress->state == STEP_UNDO_FAILED ?
						"NOT UNDONE" : NULL;
		if (progress->state == shown[i] || !sign || options->json)
			continue;
		shown[i] = progress->state;
		printf("%4u  %s  %s%s%s (%u ms)\n", i + 1, sign,
		       shell_step(plan, i, &arena),
		       *progress->text ? ": " : "", progress->text,
		       progress->milliseconds);
		fflush(stdout);
	}
	arena_free(&arena);
}

static enum outcome run(const struct options *options, struct act *act,
			const struct plan *plan)
{
	enum step_state *shown;
	struct arena arena = {0};
	enum outcome outcome;

	shown = arena_array(&arena, plan->step_count + 1u, sizeof *shown);
	while ((outcome = act_step(act)) == OUTCOME_RUNNING) {
		show_progress(options, plan, act, shown);
		struct pollfd wait = { act_fd(act), POLLIN, 0 };
		if (wait.fd >= 0 && poll(&wait, 1, act_timeout(act)) < 0 &&
		    errno != EINTR)
			break;
	}
	show_progress(options, plan, act, shown);
	arena_free(&arena);
	return outcome;
}

/* The same plan, made of the machine as it is now; NULL: it cannot be. */
static const struct plan *make_again(struct machine *machine,
				     const struct system *system,
				     const struct plan *plan)
{
	struct arena *arena = &machine->arena;
	const char *folder = history_folder(arena, NULL);

	if (plan->recovers)
		return recovery_back(folder, system, arena, NULL);
	if (plan->resumes)
		return recovery_finish(folder, system, arena, NULL);
	return plan_make(system, &plan->intent, arena, NULL);
}

/* Between the plan and the answer the machine may have changed: a group that
 * grew, a file system mounted, a node opened for a moment.  False, and said,
 * when the plan would be another now. */
static bool is_still_so(struct machine *machine, const struct plan *plan)
{
	const struct system *system =
		machine_read(machine, AREA_ALL | AREA_LINGER, NULL);
	const struct plan *again =
		system ? make_again(machine, system, plan) : NULL;

	if (again && plan_is_same(plan, again))
		return true;
	if (again)
		perform_say_gates(again, stderr);
	return false;
}

/* What the devices are afterwards; NULL when nobody can say. */
static const struct system *look_after(struct machine *machine,
				       const struct plan *plan,
				       const struct act *act,
				       enum outcome outcome)
{
	if (machine->scene.system->origin.kind != ORIGIN_LIVE)
		return act_result(act, &machine->arena);
	return machine_read(machine, outcome == OUTCOME_STUCK ? AREA_ALL :
			    AREA_DEVICES | AREA_DETAIL |
				    (perform_is_about_mdevs(plan) ?
					     AREA_DRIVERS : 0),
			    NULL);
}

/* Who holds what is stuck, as far as can be seen. */
static void tell_holders(const struct system *system, const struct plan *plan)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++)
		for (unsigned c = 0; c < plan->change_count; c++)
			if (!plan->changes[c].left &&
			    usage->holders[i].device == plan->changes[c].device)
				fprintf(stderr, _("vfiotop: held by %s "
						  "(process %u) through %s\n"),
					usage->holders[i].command,
					usage->holders[i].pid,
					usage->holders[i].node);
}

/* Say why nothing was done. */
static int stop(const struct options *options, struct machine *machine,
		const struct plan *plan, enum outcome outcome,
		const char *message)
{
	return perform_report(options, machine, plan, outcome, message,
			      machine->scene.system);
}

static int carry_out(const struct options *options, struct machine *machine,
		     const struct plan *plan)
{
	const struct system *system = machine->scene.system;
	bool live = system->origin.kind == ORIGIN_LIVE;
	struct err err;

	if (live && !is_still_so(machine, plan))
		return stop(options, machine, plan, OUTCOME_REFUSED,
			    _("Refused: the machine has changed since the "
			      "plan was made. Nothing was written; look "
			      "again."));
	struct act *act = act_start(system, plan, true, &err);

	if (!act)
		return stop(options, machine, plan, OUTCOME_REFUSED,
			    err.text);
	enum outcome outcome = run(options, act, plan);
	const char *message = arena_text(&machine->arena, act_verdict(act));
	const struct system *after = look_after(machine, plan, act, outcome);
	if (after && live && outcome == OUTCOME_STUCK)
		tell_holders(after, plan);
	/* What was rehearsed lives in it. */
	int status = perform_report(options, machine, plan, outcome, message,
				    after);
	act_end(act);
	return status;
}

/* What another user began may be about the same devices. */
void perform_warn_of_others(struct machine *machine)
{
	const char *others =
		machine->scene.system->origin.kind == ORIGIN_LIVE ?
			elsewhere_here(&machine->arena) : "";

	if (*others)
		fprintf(stderr, "vfiotop: %s\n", others);
}

int perform_confirmed(const struct options *options, struct machine *machine,
		      const struct plan *plan)
{
	const char *open = open_gates(options, &machine->arena, plan);

	if (!options->json)
		perform_say_plan(&machine->scene, plan);
	if (plan_is_refused(plan))
		return stop(options, machine, plan, OUTCOME_REFUSED,
			    _("Refused: a gate stands that cannot be "
			      "accepted. Nothing was written."));
	if (*open)
		return stop(options, machine, plan, OUTCOME_REFUSED,
			    arena_printf(&machine->arena,
				_("Refused: not accepted yet: %s. Add "
				  "--accept %s when that is what you want. "
				  "Nothing was written."), open, open));
	if (plan->done_already)
		return stop(options, machine, plan, OUTCOME_DONE,
			    _("There was nothing to do."));
	perform_warn_of_others(machine);
	if (!options->yes && !perform_ask(_("Do it? [y/N]")))
		return stop(options, machine, plan, OUTCOME_DECLINED,
			    _("Declined: nothing was written. --yes answers "
			      "for a script."));
	return carry_out(options, machine, plan);
}

int perform_do(const struct options *options, struct machine *machine,
	       enum intent_kind kind, unsigned from)
{
	struct err err;
	int status;
	const struct plan *plan =
		make_plan(options, machine, kind, from, &status, &err);

	if (!plan)
		return complain(&err, status);
	if (options->dry_run)
		return perform_plan(options, machine, kind, from);
	return perform_confirmed(options, machine, plan);
}

int perform_intent(const struct options *options, struct machine *machine,
		   const struct intent *intent)
{
	struct err err;
	const struct plan *plan = plan_make(machine->scene.system, intent,
					    &machine->arena, &err);

	if (!plan)
		return complain(&err, OUTCOME_REFUSED);
	return options->dry_run ? perform_show(options, machine, plan) :
				  perform_confirmed(options, machine, plan);
}

static const struct edit *edit_of(const struct findings *findings,
				  const char *rule, bool *fails)
{
	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->verdict != VERDICT_FAIL ||
		    strcmp(finding->rule, rule) != 0)
			continue;
		*fails = true;
		for (unsigned r = 0; r < finding->remedy_count; r++)
			if (finding->remedies[r].edit)
				return finding->remedies[r].edit;
	}
	return NULL;
}

int perform_fix(const struct options *options, struct machine *machine,
		const char *rule)
{
	struct intent *intent = arena_alloc(&machine->arena, sizeof *intent);
	struct err err;
	bool fails = false;

	intent->kind = INTENT_EDIT;
	intent->edit = edit_of(machine->scene.findings, rule, &fails);
	if (intent->edit)
		return perform_intent(options, machine, intent);
	err_set(&err, fails ?
		_("What helps against \"%.80s\" is nothing that vfiotop could "
		  "write; \"vfiotop explain\" says what it is.") :
		_("No rule \"%.80s\" fails here; \"vfiotop check\" names those "
		  "that do."), rule);
	return complain(&err, OUTCOME_REFUSED);
}
