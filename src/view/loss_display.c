// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host would lose: screens, consoles, and the work of processes
 * that hold a GPU.
 */
#include "view/loss_part.h"

#include "base/i18n.h"
#include "base/text.h"
#include "model/display.h"
#include "model/topo.h"

/* Whether a screen is lit by a GPU that stays. */
static bool another_is_lit(const struct tally *tally)
{
	for (unsigned i = 0; i < tally->system->connector_count; i++) {
		const struct connector *each = &tally->system->connectors[i];
		if (topo_is_connector_lit(each) &&
		    !tally_takes(tally, each->device) &&
		    !text_starts(each->name, "Writeback"))
			return true;
	}
	return false;
}

/* "DELL U2720Q on DP-1", or the connector alone. */
static const char *screen(struct tally *tally,
			  const struct connector *connector)
{
	if (connector->monitor.known != KNOWN)
		return connector->name;
	return TELL(_("%s on %s"), connector->monitor.value, connector->name);
}

static bool tell_connectors(struct tally *tally, int device)
{
	bool stays = another_is_lit(tally), any = false;

	for (unsigned i = 0; i < tally->system->connector_count; i++) {
		const struct connector *each = &tally->system->connectors[i];
		if (each->device != device ||
		    !topo_is_connected(each) ||
		    text_starts(each->name, "Writeback"))
			continue;
		any = true;
		const char *name = screen(tally, each);
		if (!topo_is_connector_lit(each))
			tally_add(tally, "screen", LOSS_HARMLESS, device,
				  TELL(_("the screen %s (dark now)"), name));
		else if (stays)
			tally_add(tally, "screen", LOSS_FELT, device,
				  TELL(_("the lit screen %s (another stays)"),
				       name));
		else
			tally_add(tally, "screen", LOSS_GRAVE, device,
				  TELL(_("the lit screen %s (no other is "
					 "left)"), name));
	}
	return any;
}

static void tell_console(struct tally *tally, int device)
{
	const struct host *host = &tally->system->host;
	const struct framebuffer *fb;

	if (display_draws_console(tally->system, device, &fb, NULL) == KNOWN)
		tally_add(tally, "console", LOSS_FELT, device,
			  TELL(_("the text console (%s)"), fb->node));
	for (unsigned i = 0; i < host->backlight_count; i++)
		if (host->backlights[i].device == device)
			tally_add(tally, "panel", LOSS_FELT, device,
				  TELL(_("the light of the built-in panel "
					 "(%s)"), host->backlights[i].name));
	if (display_is_bmc(&tally->system->devices[device]))
		tally_add(tally, "remote-console", LOSS_FELT, device,
			  _("the picture of the remote console (BMC)"));
}

static void tell_display(struct tally *tally, int device)
{
	bool lit;
	enum known known = topo_is_lit(tally->system, device, &lit, NULL);

	bool any = tell_connectors(tally, device);
	tell_console(tally, device);
	if (any || !tally_uses(tally, device) ||
	    display_is_bmc(&tally->system->devices[device]))
		return;
	if (known_is_settled(known))
		tally_add(tally, "gpu", LOSS_HARMLESS, device,
			  _("a GPU without a screen"));
	else
		tally_add(tally, "screen", LOSS_UNKNOWN, device,
			  TELL(_("a GPU, and perhaps a screen (not known: "
				 "%s)"), known_why(known)));
}

void loss_screens(struct tally *tally)
{
	for (unsigned i = 0; i < tally->system->device_count; i++)
		if (tally_takes(tally, (int)i) &&
		    topo_is_display(&tally->system->devices[i]))
			tell_display(tally, (int)i);
}

/* --- processes --- */

enum { MOST_HOLDINGS = 64, MOST_NAMED = 4 };

static const char *const works[] = {
	[HOLDING_DRAWS] = N_("what %s draws, the desktop itself"),
	[HOLDING_READY] = N_("a card that %s keeps open for screens, none of "
			     "them lit"),
	[HOLDING_CLIENT] = N_("what %s shows through it"),
	[HOLDING_MAY_DRAW] = N_("what %s draws or shows through it"),
	[HOLDING_COMPUTES] = N_("what %s computes on it"),
	[HOLDING_RENDERS] = N_("what %s renders on it"),
	[HOLDING_OFFLOADS] = N_("what %s renders on it for another GPU's "
				"screen, or for none"),
	[HOLDING_WIRE] = N_("the talk of %s with its monitors (I2C)"),
	[HOLDING_OTHER] = N_("what %s does with it"),
};

/* "a (1), b (2) and 3 more", of one kind. */
static const char *names_of_kind(struct tally *tally,
				 const struct holding *holdings,
				 unsigned count, enum holding_kind kind)
{
	const char *text = "";
	unsigned found = 0;

	for (unsigned i = 0; i < count; i++) {
		if (holdings[i].kind != kind || found++ >= MOST_NAMED)
			continue;
		text = TELL("%s%s%s (%u)", text, *text ? ", " : "",
			    holdings[i].command, holdings[i].pid);
	}
	if (found > MOST_NAMED)
		text = TELL(_("%s and %u more"), text, found - MOST_NAMED);
	return text;
}

static void tell_holders(struct tally *tally, int device)
{
	struct holding holdings[MOST_HOLDINGS];
	unsigned count = display_holdings(tally->system, device, holdings,
					  MOST_HOLDINGS);

	/* Who merely has a sound card open follows it when it goes; a guest
	 * is no loss of the host's. */
	for (unsigned i = 0; i < count; i++) {
		enum holding_kind kind = holdings[i].kind;
		if ((i && holdings[i - 1].kind == kind) ||
		    kind == HOLDING_SOUND || kind == HOLDING_GUEST)
			continue;
		tally_add(tally, "process", LOSS_FELT, device,
			  TELL(_(works[kind]),
			       names_of_kind(tally, holdings, count, kind)));
	}
}

void loss_processes(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	for (unsigned i = 0; i < tally->system->device_count; i++) {
		if (!tally_takes(tally, (int)i))
			continue;
		tell_holders(tally, (int)i);
		if (!known_is_settled(usage->holders_known) &&
		    tally_uses(tally, (int)i) &&
		    topo_is_display(&tally->system->devices[i]))
			tally_add(tally, "process", LOSS_UNKNOWN, (int)i,
				  TELL(_("perhaps the work of processes (not "
					 "known: %s)"),
				       known_why(usage->holders_known)));
	}
}
