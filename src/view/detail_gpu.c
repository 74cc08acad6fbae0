// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a GPU has that other devices have not, who holds a device, and what
 * the host would lose with it: parts of the detail of a device.
 */
#include "view/detail_part.h"

#include <string.h>

#include "base/i18n.h"
#include "model/display.h"
#include "model/topo.h"
#include "view/candidate.h"
#include "view/label.h"
#include "view/loss.h"

enum { LABEL = DETAIL_LABEL, MOST_HOLDINGS = 64, MOST_NODES = 3 };

/* --- screens --- */

/* "DELL U2720Q", or why there is no name. */
static const char *monitor_text(const struct connector *connector)
{
	if (connector->monitor.known == KNOWN)
		return connector->monitor.value;
	if (connector->monitor.known == MALFORMED)
		return _("its EDID is unreadable");
	return connector->monitor.known == ABSENT ? _("it gives no EDID") :
		known_why(connector->monitor.known);
}

static const char *light_text(const struct connector *connector)
{
	if (!known_is_settled(connector->enabled.known))
		return known_why(connector->enabled.known);
	return topo_is_connector_lit(connector) ?
		       _("lit") : _("dark: no picture is sent");
}

static struct text connector_text(const struct connector *connector,
				  struct arena *arena)
{
	struct text status = label_fact(&connector->status);

	if (!topo_is_connected(connector))
		return (struct text){
			arena_printf(arena, "%s %s", connector->name,
				     status.text),
			status.role == ROLE_TEXT ? ROLE_DIM : status.role };
	return (struct text){
		arena_printf(arena, "%s %s, %s", connector->name,
			     monitor_text(connector), light_text(connector)),
		ROLE_TEXT };
}

static bool is_driven(const struct device *device)
{
	return device->driver.known == KNOWN &&
	       !topo_is_harmless_driver(device->driver.value);
}

static void add_monitors(const struct system *system, int device,
			 struct page *page)
{
	bool any = false;

	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device != device)
			continue;
		struct text text = connector_text(each, page->arena);
		page_pair(page, any ? "" : _("monitors"), LABEL, text.role,
			  text.text);
		any = true;
	}
	if (any)
		return;
	bool dark = label_is_dark(system, device);
	page_pair(page, _("monitors"), LABEL, dark ? ROLE_DIM : ROLE_UNKNOWN,
		  !dark ? _("? no connector was seen") :
		  is_driven(&system->devices[device]) ?
			_("none: it has no outputs, and a guest's picture "
			  "must be sent another way") :
			_("none: the host does not drive it"));
}

/* What the firmware and the kernel draw on it. */
static void add_consoles(const struct system *system, int device,
			 struct page *page)
{
	const struct sysfb *sysfb = display_sysfb(system, device);
	const struct framebuffer *fb;
	bool boot;

	topo_is_boot_display(system, device, &boot);
	if (boot)
		page_pair(page, _("boot"), LABEL, ROLE_TEXT,
			  _("the firmware showed its screen here"));
	if (sysfb)
		page_pair(page, _("firmware"), LABEL, ROLE_WARN,
			  sysfb->driver.known == KNOWN ?
			  arena_printf(page->arena,
				       _("its framebuffer %s is still there, "
					 "with %s"), sysfb->name,
				       sysfb->driver.value) :
			  arena_printf(page->arena,
				       _("its framebuffer %s is still there"),
				       sysfb->name));
	if (display_draws_console(system, device, &fb, NULL) == KNOWN)
		page_pair(page, _("console"), LABEL, ROLE_TEXT,
			  arena_printf(page->arena,
				       _("the text console is drawn here "
					 "(%s)"), fb->node));
}

void detail_screens(const struct scene *scene, int device, struct page *page)
{
	const struct device *self = &scene->system->devices[device];
	const char *hybrid = candidate_hybrid(scene, device, page->arena);

	if (!topo_is_display(self))
		return;
	if (display_is_bmc(self))
		page_pair(page, _("kind"), LABEL, ROLE_TEXT,
			  _("the display of the board's management controller: "
			    "the remote console"));
	if (hybrid)
		page_pair(page, _("laptop"), LABEL, ROLE_TEXT, hybrid);
	add_monitors(scene->system, device, page);
	add_consoles(scene->system, device, page);
}

/* "256 MiB; can be 256 MiB to 16 GiB" */
void detail_memory(const struct device *device, struct page *page)
{
	const struct bar *bar = display_memory(device);
	unsigned least = 0, most = 63;

	if (!topo_is_display(device) || !bar)
		return;
	const char *text = arena_printf(
		page->arena, "BAR%u %s", bar->index,
		label_size(bar->end - bar->start + 1, page->arena));
	if (bar->sizes) {
		while (!(bar->sizes >> least & 1))
			least++;
		while (!(bar->sizes >> most & 1))
			most--;
		/* Bit 43 is the last that the specification has. */
		if (most > 43)
			most = 43;
		text = arena_printf(
			page->arena, _("%s; resizable, %s to %s"), text,
			label_size(UINT64_C(1) << (least + 20), page->arena),
			label_size(UINT64_C(1) << (most + 20), page->arena));
	} else if (device->rebar.known == KNOWN &&
		   device->rebar.value >> bar->index & 1) {
		text = arena_printf(page->arena, _("%s; resizable, the sizes "
						   "were not read"), text);
	}
	page_pair(page, _("memory"), LABEL, ROLE_TEXT, text);
}

/* --- holders --- */

/* "nobody (412 processes looked at)": an empty list with its worth. */
static const char *nobody(const struct usage *usage, struct arena *arena)
{
	if (usage->holders_known != KNOWN &&
	    !usage->processes)
		return arena_printf(arena, "? %s",
				    known_why(usage->holders_known));
	if (usage->processes_hidden)
		return arena_printf(
			arena,
			_("nobody seen; %u of %u processes cannot be looked "
			  "into"), usage->processes_hidden, usage->processes);
	return arena_printf(arena, P_("nobody (%u process looked at)",
				      "nobody (%u processes looked at)",
				      usage->processes), usage->processes);
}

static const char *const doings[] = {
	[HOLDING_DRAWS] = N_("draws on its screens"),
	[HOLDING_READY] = N_("keeps it open for screens, none of them lit"),
	[HOLDING_CLIENT] = N_("shows its pictures through it"),
	[HOLDING_MAY_DRAW] = N_("draws or shows pictures"),
	[HOLDING_COMPUTES] = N_("computes on it"),
	[HOLDING_RENDERS] = N_("renders on it"),
	[HOLDING_OFFLOADS] = N_("renders on it, shown elsewhere (PRIME)"),
	[HOLDING_SOUND] = N_("sound"),
	[HOLDING_WIRE] = N_("talks to its monitors"),
	[HOLDING_GUEST] = N_("a guest"),
	[HOLDING_OTHER] = N_("holds it"),
};

/* "/dev/dri/card1, /dev/dri/renderD129" */
static const char *nodes_of(const struct system *system, int device,
			    uint32_t pid, struct arena *arena)
{
	const struct usage *usage = &system->usage;
	const char *text = "";
	unsigned count = 0;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *each = &usage->holders[i];
		if (each->pid == pid &&
		    display_is_held(system, each, device) &&
		    count++ < MOST_NODES)
			text = arena_printf(arena, "%s%s%s", text,
					    *text ? ", " : "", each->node);
	}
	return count > MOST_NODES ? arena_printf(arena, "%s …", text) : text;
}

void detail_holders(const struct system *system, int device, struct page *page)
{
	const struct usage *usage = &system->usage;
	struct holding holdings[MOST_HOLDINGS];
	unsigned count = display_holdings(system, device, holdings,
					  MOST_HOLDINGS);

	for (unsigned i = 0; i < count; i++)
		page_pair(page, i ? "" : _("held by"), LABEL, ROLE_WARN,
			  arena_printf(page->arena, "%s (%u): %s; %s",
				       holdings[i].command, holdings[i].pid,
				       _(doings[holdings[i].kind]),
				       nodes_of(system, device,
						holdings[i].pid,
						page->arena)));
	if (!count)
		page_pair(page, _("held by"), LABEL, ROLE_DIM,
			  nobody(usage, page->arena));
}

/* --- losses --- */

/* Why it is not known what has the subject; "" where it is. */
static const char *why_holder_unknown(const struct system *system,
				      struct subject subject)
{
	const struct group *group = subject.scope == SCOPE_GROUP ?
				    &system->groups[subject.index] : NULL;
	unsigned count = group ? group->member_count : 1;

	for (unsigned i = 0; i < count; i++) {
		int at = group ? group->members[i].device : subject.index;
		if (at != NONE &&
		    !known_is_settled(system->devices[at].driver.known))
			return known_why(system->devices[at].driver.known);
	}
	return "";
}

void detail_losses(const struct scene *scene, struct subject subject,
		   struct page *page)
{
	struct losses losses = loss_of_subject(scene, subject, page->arena);

	for (unsigned i = 0; i < losses.count; i++)
		page_pair(page, i ? "" : _("host loses"), LABEL,
			  loss_role(losses.items[i].weight),
			  losses.items[i].text);
	const char *why = why_holder_unknown(scene->system, subject);
	if (!losses.count)
		page_pair(page, _("host loses"), LABEL, ROLE_DIM,
			  *why ? why :
			  _("nothing: no driver of the host has it"));
}
