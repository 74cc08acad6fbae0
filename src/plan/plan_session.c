// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps that go along with devices: services are stopped, virtual
 * consoles detached, holders waited for; and at the end what an earlier start
 * left is taken back.  Nobody is ever ended by force.
 *
 * Source: drivers/tty/vt/vt.c, store_bind(); systemctl(1).
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum {
	SERVICE_SECONDS = 150,	/* systemd gives up after 90 */
	CONSOLE_SECONDS = 15,
	WAIT_MARGIN_S = 15,	/* from not waiting any longer to stuck */
};

static void with_undo(const struct draft *draft, struct step *step,
		      struct step undo)
{
	struct step *copy = arena_alloc(draft->arena, sizeof *copy);

	undo.ensure = true;
	*copy = undo;
	step->undo = copy;
	step->undo_count = 1;
}

/* --- services --- */

static bool runs(const struct host *host, const char *service)
{
	if (!known_is_settled(host->services_known))
		return true;
	for (unsigned i = 0; i < host->service_count; i++)
		if (strcmp(host->services[i], service) == 0)
			return true;
	return false;
}

static struct step systemctl(const char *verb, const char *service,
			     const char *why)
{
	return (struct step){
		.kind = STEP_RUN, .path = "", .value = "",
		.argv = { "systemctl", verb, service },
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_NOTHING, "", "" },
		.why = why, .deadline_s = SERVICE_SECONDS, .device = NONE,
	};
}

static void stop_services(struct draft *draft, const struct company *company)
{
	for (unsigned i = 0; i < company->service_count; i++) {
		const char *service = company->services[i];
		struct step step = systemctl("stop", service,
					     _("it keeps the devices busy"));
		if (!runs(&draft->system->host, service))
			continue;
		with_undo(draft, &step, systemctl("start", service,
						  _("it ran before")));
		draft_step(draft, step);
	}
}

/* --- virtual consoles --- */

static struct step write_console(const struct draft *draft, const char *node,
				 const char *value, const char *why)
{
	const char *path = arena_printf(draft->arena,
					"/sys/class/vtconsole/%s/bind", node);

	return (struct step){
		.kind = STEP_WRITE, .path = path, .value = value,
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_TEXT, path, value },
		.why = why, .deadline_s = CONSOLE_SECONDS, .device = NONE,
	};
}

static bool is_node(const char *node)
{
	return text_starts(node, "vtcon") && node[5] &&
	       !node[5 + strspn(node + 5, "0123456789")];
}

static void detach_consoles(struct draft *draft)
{
	const struct system *system = draft->system;

	for (unsigned i = 0; i < system->vtconsole_count; i++) {
		const struct vtconsole *each = &system->vtconsoles[i];
		if (each->bound.known != KNOWN || !each->bound.value ||
		    !strstr(each->name.value, "frame buffer") ||
		    !is_node(each->node))
			continue;
		struct step step = write_console(
			draft, each->node, "0",
			_("the text consoles leave the frame buffer"));
		struct step back = write_console(
			draft, each->node, "1",
			_("the text consoles come back"));
		/* With its frame buffer the console itself may have gone, and
		 * comes back by itself with the driver. */
		back.may_fail = true;
		with_undo(draft, &step, back);
		draft_step(draft, step);
	}
}

/* --- holders --- */

/* Sound servers keep the control node of every card open and follow when it
 * goes; a stream does not. */
static bool is_waited_for(const char *node)
{
	return text_starts(node, "/dev/dri/") ||
	       text_starts(node, "/dev/nvidia") ||
	       text_starts(node, "/dev/snd/pcm") ||
	       strcmp(node, "/dev/kfd") == 0;
}

static bool has_wait(const struct draft *draft, const char *node)
{
	for (unsigned i = 0; i < draft->step_count; i++)
		if (draft->steps[i].expect.kind == EXPECT_FREE &&
		    strcmp(draft->steps[i].expect.path, node) == 0)
			return true;
	return false;
}

static void add_wait(struct draft *draft, const char *node)
{
	unsigned seconds = draft->intent->company->wait_s;

	if (!is_waited_for(node) || has_wait(draft, node))
		return;
	draft_step(draft, (struct step){
		.kind = STEP_CHECK,
		.expect = { EXPECT_FREE, node,
			    arena_printf(draft->arena, "%u", seconds) },
		.why = _("who holds it open must let go first"),
		.deadline_s = seconds + WAIT_MARGIN_S,
		.device = NONE,
	});
}

static bool is_changed(const struct draft *draft, int device)
{
	for (unsigned i = 0; i < draft->change_count; i++)
		if (draft->changes[i].device == device)
			return !draft->changes[i].left;
	return false;
}

static bool is_in_the_way(const struct draft *draft,
			  const struct holder *holder)
{
	for (unsigned i = 0; i < draft->change_count; i++)
		if (!draft->changes[i].left &&
		    gate_concerns(draft->system, holder,
				  draft->changes[i].device))
			return true;
	return false;
}

static void wait_for_holders(struct draft *draft)
{
	const struct system *system = draft->system;
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < system->card_count; i++)
		if (is_changed(draft, system->cards[i].device))
			add_wait(draft, arena_printf(draft->arena,
						     "/dev/dri/%s",
						     system->cards[i].name));
	for (unsigned i = 0; i < usage->holder_count; i++)
		if (is_in_the_way(draft, &usage->holders[i]))
			add_wait(draft, usage->holders[i].node);
}

void company_before(struct draft *draft)
{
	const struct company *company = draft->intent->company;

	if (!company)
		return;
	for (unsigned i = 0; i < company->first_count; i++)
		draft_step(draft, company->first[i]);
	stop_services(draft, company);
	if (company->consoles)
		detach_consoles(draft);
	if (company->wait_s)
		wait_for_holders(draft);
}

void company_after(struct draft *draft)
{
	const struct company *company = draft->intent->company;

	for (unsigned i = 0; company && i < company->after_count; i++)
		draft_step(draft, company->after[i]);
}

/* --- gates that its steps stand for --- */

/* Whether every holder of the device is waited for. */
static bool is_wholly_waited(const struct draft *draft, int device)
{
	const struct usage *usage = &draft->system->usage;
	bool any = false;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		if (!gate_concerns(draft->system, &usage->holders[i], device))
			continue;
		any = true;
		if (!has_wait(draft, usage->holders[i].node))
			return false;
	}
	return any;
}

/* What a session that gives up the screens on purpose may accept. */
static bool is_about_screens(const char *id)
{
	return strcmp(id, "dev-display-active") == 0 ||
	       strcmp(id, "dev-is-boot-gpu") == 0 ||
	       strcmp(id, "dev-only-gpu") == 0 ||
	       strcmp(id, "dev-console-fb") == 0;
}

void company_gates(struct draft *draft)
{
	const struct company *company = draft->intent->company;
	unsigned kept = 0;

	if (!company)
		return;
	for (unsigned i = 0; i < draft->gate_count; i++) {
		struct gate gate = draft->gates[i];
		if (strcmp(gate.id, "dev-gpu-clients") == 0 && !gate.unknown &&
		    is_wholly_waited(draft, gate.device))
			continue;
		if (company->consoles && is_about_screens(gate.id))
			gate.kind = GATE_SOFT;
		draft->gates[kept++] = gate;
	}
	draft->gate_count = kept;
}
