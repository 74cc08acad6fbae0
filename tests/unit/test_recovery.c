// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every kind of plan, killed and failing everywhere: what is on disk leads
 * back to the machine as it was, or on to what was wanted.  How a journal is
 * kept is in test_journal.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/history.h"
#include "act/journal.h"
#include "act/recovery.h"
#include "act/rehearse.h"
#include "act/transact.h"
#include "base/buf.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/place.h"
#include "lib/planned.h"
#include "plan/session.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define OTHER "00000000-2222-4333-8444-555555555555"

#define BUSY \
	"service display-manager.service; console 1; fb 01:00.0 nvidiadrmfb;" \
	"holder 01:00.0 /dev/nvidia0;"
#define LOADED \
	"loaded nvidia 0; loaded nvidia_modeset 0; loaded nvidia_drm 0;" \
	"loaded nvidia_uvm 0; users nvidia 0;"
#define GIVEN \
	"dev 01:00.0 driver vfio-pci; dev 01:00.1 driver vfio-pci;" \
	"dev 01:00.0 modules nouveau nvidiafb;" \
	"dev 01:00.1 modules snd_hda_intel; vfio nodes vfio 13;"

static const struct edit grub = {
	.parameter = "intel_iommu=on", .file = "/etc/default/grub",
	.before = "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
	.after = "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"",
	.command = { "update-grub" },
};

/* --- every kind of plan --- */

/* A session's plan is no kind of its own. */
enum { START = INTENT_COUNT, END };

static const struct story {
	const char *name;
	const struct made_device *machine;
	int kind;
	const char *address;
	const char *driver;	/* NULL: vfio-pci */
	const char *given;	/* bound to vfio before, or NULL */
	const char *edits;
	unsigned count;		/* of VFS */
	enum autoprobe autoprobe;
	const char *word;	/* the type of CREATE; of POWER: on, auto */
	bool unload;		/* modules */
} stories[] = {
	{ "bind a group", made_desktop, INTENT_BIND, "01:00.0", .edits = "" },
	{ "bind a shared group", made_shared, INTENT_BIND, "01:00.1",
	  .edits = "" },
	{ "bind over an override", made_desktop, INTENT_BIND, "02:00.0",
	  .edits = "dev 02:00.0 driver_override pci-stub" },
	{ "bind to uio", made_desktop, INTENT_BIND, "02:00.0",
	  .driver = "uio_pci_generic", .edits = "" },
	{ "bind to pci-stub", made_desktop, INTENT_BIND, "01:00.0",
	  .driver = "pci-stub", .edits = "" },
	{ "bind to the host's own", made_desktop, INTENT_BIND, "01:00.0",
	  .driver = "nvidia", .given = "01:00.0", .edits = "" },
	{ "bind a VF", made_with_vfs, INTENT_BIND, "01:00.1",
	  .edits = MADE_TWO },
	{ "bind by an unload", made_desktop, INTENT_BIND, "01:00.0",
	  .edits = LOADED, .unload = true },
	{ "bind by an unload over an override", made_desktop, INTENT_BIND,
	  "01:00.0", .edits = LOADED "dev 01:00.0 driver_override nvidia",
	  .unload = true },
	{ "unbind by an unload", made_desktop, INTENT_UNBIND, "00:02.0",
	  .edits = "users i915 0", .unload = true },
	{ "bind what is free to the host's own", made_desktop, INTENT_BIND,
	  "02:00.0", .driver = "nvme",
	  .edits = "dev 02:00.0 driver -; drivers 1" },
	{ "restore a group", made_desktop, INTENT_RESTORE, "01:00.0",
	  .given = "01:00.0", .edits = "" },
	{ "restore a shared group", made_shared, INTENT_RESTORE, "02:00.0",
	  .given = "02:00.0", .edits = "" },
	{ "unbind", made_desktop, INTENT_UNBIND, "01:00.0", .edits = "" },
	{ "unbind from vfio", made_shared, INTENT_UNBIND, "01:00.0",
	  .given = "02:00.0", .edits = "" },
	{ "make VFs", made_parts, INTENT_VFS, "01:00.0", .edits = MADE_CAPABLE,
	  .count = 4 },
	{ "make VFs unprobed", made_parts, INTENT_VFS, "01:00.0",
	  .edits = MADE_CAPABLE, .count = 2, .autoprobe = AUTOPROBE_OFF },
	{ "remove VFs", made_with_vfs, INTENT_VFS, "01:00.0",
	  .edits = MADE_TWO },
	{ "change VFs", made_with_vfs, INTENT_VFS, "01:00.0", .edits = MADE_TWO,
	  .count = 4 },
	{ "fewer VFs", made_with_vfs, INTENT_VFS, "01:00.0", .edits = MADE_TWO,
	  .count = 1, .autoprobe = AUTOPROBE_OFF },
	{ "create", made_parts, INTENT_CREATE, .edits = MADE_MTTY,
	  .word = "mtty-2" },
	{ "create beside another", made_parts, INTENT_CREATE,
	  .edits = MADE_MTTY "mdev " OTHER " mtty mtty-1 9", .word = "mtty-1" },
	{ "remove", made_parts, INTENT_REMOVE, .edits = MADE_MTTY,
	  .word = "mtty-1" },
	{ "reset", made_parts, INTENT_RESET, "01:00.0",
	  .edits = "dev 01:00.0 driver -" },
	{ "sleep", made_parts, INTENT_POWER, "01:00.0", .word = "auto",
	  .edits = "dev 01:00.0 runtime_control on" },
	{ "wake", made_parts, INTENT_POWER, "01:00.0", .word = "on",
	  .edits = "dev 01:00.0 runtime_control auto;"
		   "dev 01:00.0 runtime_status suspended;"
		   "dev 01:00.0 power_state D3hot" },
	{ "start a session", made_desktop, START, "01:00.0", .edits = BUSY },
	{ "end a session", made_desktop, END, "01:00.0", .edits = BUSY },
	{ "start a session by an unload", made_desktop, START, "01:00.0",
	  .edits = BUSY LOADED, .unload = true },
	{ "end a session by an unload", made_desktop, END, "01:00.0",
	  .edits = BUSY LOADED, .unload = true },
	{ "keep by driverctl", made_desktop, INTENT_KEEP, "01:00.0",
	  .edits = "driverctl 1;" GIVEN },
	{ "keep by ids", made_desktop, INTENT_KEEP, "01:00.0",
	  .edits = "driverctl -; host distribution debian;" GIVEN },
	{ "edit the command line", made_desktop, INTENT_EDIT, .edits = "" },
	{ "load a module", made_desktop, INTENT_LOAD, .driver = "pci-stub",
	  .edits = "" },
};

/* --- what is compared --- */

static void print_devices(struct buf *text, const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		char address[BDF_TEXT];
		buf_printf(text, "%s %04x:%04x %d%s %d%s group %lld "
			   "vfs %lld probe %lld of %d\n",
			   bdf_print(device->address, address),
			   device->vendor, device->device,
			   device->driver.known, device->driver.value,
			   device->driver_override.known,
			   device->driver_override.value,
			   (long long)device->group.value,
			   (long long)device->sriov_num.value,
			   (long long)device->sriov_autoprobe.value,
			   device->physfn);
		/* Whether a VF that came again may sleep, nobody knows. */
		if (device->physfn == NONE)
			buf_printf(text, "  may sleep: %s\n",
				   device->runtime_control.value);
	}
	for (unsigned i = 0; i < system->group_count; i++)
		buf_printf(text, "group %u of %u\n", system->groups[i].number,
			   system->groups[i].member_count);
}

static bool is_driven(const struct system *system, const char *driver)
{
	for (unsigned i = 0; i < system->device_count; i++)
		if (strcmp(system->devices[i].driver.value, driver) == 0)
			return true;
	return false;
}

static void print_host(struct buf *text, const struct system *system)
{
	static const char *const modules[] = {
		"nvidia", "nvidia_modeset", "nvidia_drm", "nvidia_uvm" };
	const struct host *host = &system->host;

	for (unsigned i = 0; i < system->vfio.node_count; i++)
		buf_printf(text, "/dev/vfio/%s\n", system->vfio.nodes[i]);
	for (unsigned i = 0; i < system->mdevs.item_count; i++)
		buf_printf(text, "%s %s\n", system->mdevs.items[i].uuid,
			   system->mdevs.items[i].type.value);
	for (unsigned i = 0; i < host->service_count; i++)
		buf_printf(text, "%s\n", host->services[i]);
	for (unsigned i = 0; i < system->vtconsole_count; i++)
		buf_printf(text, "console %lld\n",
			   (long long)system->vtconsoles[i].bound.value);
	for (unsigned i = 0; i < host->override_count; i++)
		buf_printf(text, "%s=%s\n", host->overrides[i].source,
			   host->overrides[i].text);
	for (unsigned i = 0; i < host->modprobe_count; i++)
		buf_printf(text, "%s\n", host->modprobe[i].text);
	/* A module that is loaded and drives nothing harms nobody. */
	for (size_t i = 0; is_driven(system, "nvidia") &&
			   i < sizeof modules / sizeof *modules; i++)
		buf_printf(text, "%s %d\n", modules[i],
			   system_has_module(system, modules[i]));
	buf_printf(text, "%s\n", host->grub_line.known == KNOWN ?
		   host->grub_line.value : "");
}

/* All that a plan of any kind may change, as text. */
static const char *picture(const struct system *system, struct arena *arena)
{
	struct buf text = {0};

	print_devices(&text, system);
	print_host(&text, system);
	const char *copy = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

/* --- doing, and dying of it --- */

/* How a program dies of the step that it sends next. */
enum death {
	DEATH_BETWEEN,		/* before anybody thought of it */
	DEATH_BEFORE_WRITE,	/* it stands in the journal only */
	DEATH_BEFORE_ANSWER,	/* it was done, and nobody was told */
	DEATHS
};

/* When, by steps sent; and what goes wrong besides. */
struct doom {
	enum death death;
	unsigned at;
	bool fails;		/* with an errno, … */
	unsigned fails_at;	/* … at this one */
};

enum { NEVER = 1000 };
static const struct doom no_doom = { .at = NEVER };

/* Who does the steps until the program dies. */
struct mortal {
	struct backend real;
	struct doom doom;
	unsigned sent;
	bool dead;
};

static bool mortal_send(void *self, const struct step *step)
{
	struct mortal *mortal = self;

	mortal->dead = mortal->sent == mortal->doom.at;
	if (mortal->dead && mortal->doom.death == DEATH_BEFORE_WRITE)
		return true;
	mortal->sent++;
	return mortal->real.send(mortal->real.self, step);
}

static enum taken mortal_take(void *self, struct reply *reply)
{
	struct mortal *mortal = self;

	return mortal->dead ? TAKEN_NOTHING :
			      mortal->real.take(mortal->real.self, reply);
}

static const char *last_verdict;	/* of the last that was run */

/* Do a plan with a journal until the end or death, which is
 * OUTCOME_RUNNING; returns the machine that is left. */
static const struct system *run(struct place *place,
				const struct system *system,
				const struct plan *plan, struct doom doom,
				enum outcome *outcome)
{
	struct arena *arena = &place->arena;
	const struct rehearse_fault fault = {
		doom.fails ? FAULT_ERRNO : FAULT_NONE, doom.fails_at, EIO,
		NULL };
	struct rehearse *rehearse = rehearse_make(system, &fault, arena);
	struct mortal mortal = { .real = rehearse_backend(rehearse),
				 .doom = doom };
	struct backend backend = mortal.real;
	struct transact transact;
	struct err err = {0};
	struct journal *journal =
		journal_open(place->folder, system, plan, arena, &err);

	if (!journal)
		fail_msg("%s", err.text);
	backend.self = &mortal;
	backend.send = mortal_send;
	backend.take = mortal_take;
	transact_begin(&transact, plan, backend, journal, arena);
	while (!mortal.dead &&
	       !(doom.death == DEATH_BETWEEN && mortal.sent == doom.at &&
		 transact_is_due(&transact)) &&
	       transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	*outcome = transact.outcome;
	last_verdict = transact.verdict;
	return rehearse_result(rehearse, arena);
}

static const struct system *to_the_end(struct place *place,
				       const struct system *system,
				       const struct plan *plan,
				       enum outcome wanted)
{
	enum outcome outcome;

	system = run(place, system, plan, no_doom, &outcome);
	if (outcome != wanted)
		fail_msg("%s", last_verdict);
	assert_false(history_is_unfinished(place->folder));
	return system;
}

/* --- plans --- */

static const struct plan *simply(const struct story *story, int kind,
				 const char *address, const char *driver,
				 const struct system *system,
				 struct arena *arena)
{
	static const struct company unloads = { .unload = true };
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct bdf *device = arena_alloc(arena, sizeof *device);

	*intent = (struct intent){
		.kind = (enum intent_kind)kind, .driver = driver,
		.devices = device, .count = story->count,
		.autoprobe = story->autoprobe, .power = story->word,
		.parent = "mtty", .type = story->word, .uuid = UUID,
		.edit = &grub, .company = story->unload ? &unloads : NULL,
	};
	if (address) {
		assert_true(bdf_parse(address, device));
		intent->device_count = 1;
	}
	return planned(system, intent, arena);
}

/* What takes back the last of the history. */
static const struct plan *back_of(struct place *place,
				  const struct system *system)
{
	const char *const folders[] = { place->folder, NULL };
	struct arena *arena = &place->arena;
	const struct pasts pasts = history_pasts(folders, arena);
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	const struct past *last = past_last(&pasts);
	struct err err = {0};

	if (!last)
		return NULL;
	if (!past_intent(last, system, arena, intent, &err))
		fail_msg("%s", err.text);
	return planned(system, intent, arena);
}

static struct session session_of(struct place *place,
				 const struct story *story,
				 const struct system *system)
{
	static const char *const services[] = { "display-manager.service" };
	const struct bdf gpu = { .bus = 1 };
	struct session session;

	assert_true(session_make("win11", system, &gpu, 1, NULL,
				 &place->arena, &session, NULL));
	session.services = services;
	session.service_count = 1;
	session.consoles = true;
	session.unload = story->unload;
	return session;
}

static const struct plan *start_of(struct place *place,
				   const struct session *session,
				   const struct system *system)
{
	struct intent *intent = arena_alloc(&place->arena, sizeof *intent);

	assert_true(session_start(session, system, &place->arena, intent,
				  NULL));
	return planned(system, intent, &place->arena);
}

/* By what the history says of its start. */
static const struct plan *end_of(struct place *place,
				 const struct session *session,
				 const struct system *system)
{
	const char *const folders[] = { place->folder, NULL };
	struct arena *arena = &place->arena;
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	const struct pasts pasts = history_pasts(folders, arena);

	assert_true(session_end(session, system, past_start(&pasts, "win11", arena),
				NULL, 0, arena, intent, NULL));
	return planned(system, intent, arena);
}

static const struct plan *of_session(struct place *place,
				     const struct story *story,
				     const struct system **system)
{
	struct session *session = arena_alloc(&place->arena, sizeof *session);

	*session = session_of(place, story, *system);
	const struct plan *start = start_of(place, session, *system);
	if (story->kind == START)
		return start;
	*system = to_the_end(place, *system, start, OUTCOME_DONE);
	return end_of(place, session, *system);
}

static const struct plan *plan_of(struct place *place,
				  const struct story *story,
				  const struct system **system)
{
	struct arena *arena = &place->arena;
	struct system *made = altered(arena, story->machine, story->edits);

	made->host.grub_line = (struct fact_text){ KNOWN, grub.before };
	*system = made;
	if (story->given)
		*system = to_the_end(place, *system,
				     simply(story, INTENT_BIND, story->given,
					    NULL, *system, arena),
				     OUTCOME_DONE);
	/* What is to be removed comes with a group and a node. */
	if (story->kind == INTENT_REMOVE)
		*system = to_the_end(place, *system,
				     simply(story, INTENT_CREATE, NULL, NULL,
					    *system, arena), OUTCOME_DONE);
	if (story->kind == START || story->kind == END)
		return of_session(place, story, system);
	return simply(story, story->kind, story->address, story->driver,
		      *system, arena);
}

/* --- and back --- */

static void assert_same(struct place *place, const struct system *system,
			const struct system *other)
{
	const char *was = picture(system, &place->arena);
	const char *is = picture(other, &place->arena);

	while (*was && *was == *is) {
		size_t line = strcspn(was, "\n") + 1;
		if (strncmp(was, is, line) != 0)
			break;
		was += line;
		is += line;
	}
	if (strcmp(was, is) != 0)
		fail_msg("was \"%.*s\", is \"%.*s\" after \"%s\"",
			 (int)strcspn(was, "\n"), was,
			 (int)strcspn(is, "\n"), is, last_verdict);
}

/* What did not forbid the action forbids no rest of it. */
static void assert_gates(const struct plan *plan, const struct plan *rest)
{
	if (plan_is_refused(plan))
		return;
	for (unsigned i = 0; i < rest->gate_count; i++)
		if (rest->gates[i].kind == GATE_HARD)
			fail_msg("%s after %u: %s", rest->title, rest->done,
				 rest->gates[i].text);
}

/* Take back what the journal says. */
static void recover(struct place *place, const struct system *broken,
		    const struct system *system, const struct plan *plan)
{
	const struct plan *back =
		recovery_back(place->folder, broken, &place->arena, NULL);

	assert_non_null(back);
	assert_gates(plan, back);
	assert_same(place, system,
		    to_the_end(place, broken, back, OUTCOME_DONE));
}

/* An errno at any step, and death while that is taken back. */
static void check_failure(struct place *place, const struct system *system,
			  const struct plan *plan)
{
	enum outcome outcome;

	for (unsigned k = 0; k < plan->step_count; k++) {
		struct doom doom = { .at = NEVER, .fails = true,
				     .fails_at = k };
		/* What need not work ends nothing (loading a module). */
		if (plan->steps[k].may_fail)
			continue;
		const struct system *after =
			run(place, system, plan, doom, &outcome);
		/* What is so already is not written, and cannot fail. */
		if (outcome == OUTCOME_DONE && plan->steps[k].ensure)
			continue;
		assert_int_equal(outcome, OUTCOME_ROLLED_BACK);
		assert_same(place, system, after);
		outcome = OUTCOME_RUNNING;
		for (doom.at = k + 1; outcome == OUTCOME_RUNNING; doom.at++)
			for (unsigned d = 0; d < DEATHS; d++) {
				doom.death = (enum death)d;
				after = run(place, system, plan, doom,
					    &outcome);
				if (outcome == OUTCOME_RUNNING)
					recover(place, after, system,
						plan);
			}
	}
}

/* Death at any step, then back; dying of that too. */
static void check_return(struct place *place, const struct system *system,
			 const struct plan *plan, struct doom doom)
{
	enum outcome outcome = OUTCOME_RUNNING;
	struct doom again = { .death = DEATH_BEFORE_ANSWER };

	recover(place, run(place, system, plan, doom, &outcome), system, plan);
	for (outcome = OUTCOME_RUNNING; outcome == OUTCOME_RUNNING;
	     again.at++) {
		const struct system *broken =
			run(place, system, plan, doom, &outcome);
		assert_int_equal(outcome, OUTCOME_RUNNING);
		broken = run(place, broken,
			     history_recovery(place->folder, &place->arena,
					      NULL), again, &outcome);
		if (outcome == OUTCOME_RUNNING)
			recover(place, broken, system, plan);
	}
}

/* Death at any step, then on; or failing at the first step of the rest. */
static void check_finish(struct place *place, const struct system *system,
			 const struct plan *plan, struct doom doom,
			 const struct system *done)
{
	enum outcome outcome;
	struct err err = {0};

	for (unsigned fails = 0; fails < 2; fails++) {
		const struct system *broken =
			run(place, system, plan, doom, &outcome);
		const struct plan *rest = recovery_finish(
			place->folder, broken, &place->arena, &err);
		if (!rest)
			fail_msg("%s", err.text);
		assert_gates(plan, rest);
		/* What need not work ends nothing. */
		struct doom fault = {
			.at = NEVER,
			.fails = fails && !rest->steps[rest->done].may_fail };
		const struct system *after =
			run(place, broken, rest, fault, &outcome);
		/* What had happened already cannot fail. */
		if (!fails)
			assert_int_equal(outcome, OUTCOME_DONE);
		else if (outcome != OUTCOME_DONE)
			assert_int_equal(outcome, OUTCOME_ROLLED_BACK);
		assert_same(place, outcome == OUTCOME_DONE ? done : system,
			    after);
	}
}

static const struct system *check_all(struct place *place,
				      const struct system *system,
				      const struct plan *plan)
{
	enum outcome outcome;
	const struct system *done =
		run(place, system, plan, no_doom, &outcome);

	assert_true(plan->step_count > 0);
	if (outcome != OUTCOME_DONE)
		fail_msg("%s", last_verdict);
	for (unsigned k = 0; k < plan->step_count; k++)
		for (unsigned d = 0; d < DEATHS; d++) {
			const struct doom doom = { .death = (enum death)d,
						   .at = k };
			check_return(place, system, plan, doom);
			check_finish(place, system, plan, doom, done);
		}
	check_failure(place, system, plan);
	return done;
}

/* And the plan that takes it back, which is killed as well. */
static void every_plan_survives_death_and_failure(void **state)
{
	unsigned kinds[END + 1] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct place place;
		const struct system *system;
		place_make(&place);
		const struct plan *plan =
			plan_of(&place, &stories[i], &system);
		print_message("  %s: %u steps\n", stories[i].name,
			      plan->step_count);
		kinds[stories[i].kind]++;
		check_all(&place, system, plan);
		place_empty(&place);
		const struct system *done =
			to_the_end(&place, system, plan, OUTCOME_DONE);
		const struct plan *back = back_of(&place, done);
		if (back) {
			kinds[INTENT_UNDO]++;
			assert_same(&place, system,
				    check_all(&place, done, back));
		} else {
			assert_same(&place, system, done);
		}
		place_remove(&place);
	}
	for (unsigned kind = INTENT_NONE + 1; kind <= END; kind++)
		assert_true(kinds[kind]);
}

static const struct story *story_of(int kind, bool unload)
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
		if (stories[i].kind == kind && stories[i].unload == unload)
			return &stories[i];
	fail();
	return NULL;
}

/* End the session: what its start stopped, and only that, runs again. */
static const struct system *ended(struct place *place,
				  const struct session *session,
				  const struct system *now)
{
	const struct plan *end = end_of(place, session, now);

	return end->done_already ? now :
				   to_the_end(place, now, end, OUTCOME_DONE);
}

/* What is forgotten may keep its override; the host must not stay without
 * its services and consoles. */
static void assert_host_is_back(const struct system *system)
{
	assert_int_equal(system->host.service_count, 1);
	assert_string_equal(system->host.services[0],
			    "display-manager.service");
	for (unsigned i = 0; i < system->vtconsole_count; i++)
		assert_int_equal(system->vtconsoles[i].bound.value, 1);
}

/* A start that was killed anywhere and then finished, or forgotten, is ended
 * like any other: the services that it stopped are known from its journal. */
static void a_killed_start_is_ended_with_all_that_it_stopped(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct place place;
		const struct system *system;
		struct err err = {0};
		enum outcome outcome;
		place_make(&place);
		const struct story *story = story_of(START, i);
		const struct plan *start = plan_of(&place, story, &system);
		struct session session = session_of(&place, story, system);
		for (unsigned k = 0; k < start->step_count * DEATHS; k++) {
			const struct doom doom = {
				.death = (enum death)(k % DEATHS),
				.at = k / DEATHS };
			const struct system *broken =
				run(&place, system, start, doom, &outcome);
			const struct plan *rest = recovery_finish(
				place.folder, broken, &place.arena, &err);
			assert_non_null(rest);
			broken = to_the_end(&place, broken, rest,
					    OUTCOME_DONE);
			assert_same(&place, system,
				    ended(&place, &session, broken));
			broken = run(&place, system, start, doom, &outcome);
			assert_true(recovery_forget(place.folder, &err));
			assert_host_is_back(ended(&place, &session, broken));
			place_empty(&place);
		}
		place_remove(&place);
	}
}

/* Who holds a device today and is waited for no more is in the way of the
 * rest; who is waited for is not. */
static void the_rest_of_a_start_is_judged_anew(void **state)
{
	struct place place;
	const struct system *system;
	struct err err = {0};
	enum outcome outcome;
	unsigned wait = 0;

	(void)state;
	place_make(&place);
	const struct plan *start =
		plan_of(&place, story_of(START, false), &system);
	while (start->steps[wait].expect.kind != EXPECT_FREE)
		wait++;
	for (unsigned k = 0; k < 2; k++) {
		const struct doom doom = { .death = DEATH_BETWEEN,
					   .at = wait + k };
		const struct system *broken =
			run(&place, system, start, doom, &outcome);
		alter((struct system *)(uintptr_t)broken,
		      "holder 01:00.0 /dev/nvidia0");
		const struct plan *rest = recovery_finish(
			place.folder, broken, &place.arena, &err);
		assert_non_null(rest);
		assert_int_equal(plan_is_refused(rest), k);
		assert_string_equal(rest->changes[0].to, "vfio-pci");
		place_empty(&place);
	}
	place_remove(&place);
}

static const struct story *story_named(const char *name)
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
		if (strcmp(stories[i].name, name) == 0)
			return &stories[i];
	fail_msg("no story \"%s\"", name);
	return NULL;
}

/* It is long since the action stopped: the virtual machine runs, the file
 * system is mounted. */
static void what_came_since_is_in_the_way_of_taking_back(void **state)
{
	static const struct {
		const char *story, *since, *gate;
	} rows[] = {
		{ "bind a group", "holder 01:00.0 /dev/vfio/13",
		  "group-in-use-by-vm" },
		{ "bind a group", "holder - /dev/vfio/13",
		  "group-in-use-by-vm" },
		{ "bind what is free to the host's own",
		  "elsewhere 02:00.0 /data", "dev-mounted-fs" },
	};
	enum outcome outcome;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct place place;
		const struct system *system;
		place_make(&place);
		const struct plan *plan =
			plan_of(&place, story_named(rows[i].story), &system);
		unsigned met = 0;
		for (unsigned k = 0; k < plan->step_count; k++) {
			const struct doom doom = { .death = DEATH_BETWEEN,
						   .at = k };
			const struct system *broken =
				run(&place, system, plan, doom, &outcome);
			int at = system_device(broken,
					       plan->intent.devices[0]);
			const struct fact_text *driver =
				&broken->devices[at].driver;
			bool given = driver->known == KNOWN &&
				     strcmp(driver->value,
					    plan->changes[0].to) == 0;
			const struct plan *back = recovery_back(
				place.folder, broken, &place.arena, NULL);
			assert_false(plan_is_refused(back));
			alter((struct system *)(uintptr_t)broken,
			      rows[i].since);
			back = recovery_back(place.folder, broken,
					     &place.arena, NULL);
			assert_int_equal(plan_is_refused(back), given);
			if (given)
				assert_string_equal(back->gates[0].id,
						    rows[i].gate);
			met += given;
			place_empty(&place);
		}
		assert_true(met);
		place_remove(&place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_plan_survives_death_and_failure),
		cmocka_unit_test(
			a_killed_start_is_ended_with_all_that_it_stopped),
		cmocka_unit_test(the_rest_of_a_start_is_judged_anew),
		cmocka_unit_test(what_came_since_is_in_the_way_of_taking_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
