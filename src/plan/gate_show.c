// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gates from what a device shows: screens, consoles, the firmware's picture,
 * the built-in panel.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "model/display.h"
#include "model/topo.h"

/* Whether the plan takes the device away. */
static bool goes(const struct draft *draft, unsigned device)
{
	for (unsigned c = 0; c < draft->change_count; c++)
		if (!draft->changes[c].left &&
		    draft->changes[c].device == (int)device)
			return true;
	return false;
}

/* Whether another display is known to show a picture; *stays: also when all
 * devices of the plan are gone. */
static bool another_is_lit(const struct gate_view *view, bool *stays)
{
	bool any = false;

	*stays = false;
	for (unsigned i = 0; i < view->system->device_count; i++) {
		bool lit;
		if ((int)i == view->index ||
		    !topo_is_display(&view->system->devices[i]) ||
		    topo_is_lit(view->system, (int)i, &lit, NULL) != KNOWN ||
		    !lit)
			continue;
		any = true;
		*stays |= !goes(view->draft, i);
	}
	return any;
}

/* A screen that sleeps belongs to somebody as well. */
static const struct connector *enabled_on(const struct gate_view *view)
{
	for (unsigned i = 0; i < view->system->connector_count; i++) {
		const struct connector *each = &view->system->connectors[i];
		if (each->device == view->index &&
		    each->status.known == KNOWN &&
		    strcmp(each->status.value, "connected") == 0 &&
		    each->enabled.known == KNOWN &&
		    strcmp(each->enabled.value, "enabled") == 0)
			return each;
	}
	return NULL;
}

/* The firmware's frame buffer that lies in memory of the device, or NULL. */
static const struct bootfb *bootfb_in(const struct gate_view *view)
{
	const struct system *system = view->system;

	for (unsigned i = 0; i < system->bootfb_count; i++)
		for (unsigned b = 0; b < view->device->bar_count; b++)
			if (system->bootfbs[i].start &&
			    system->bootfbs[i].start >=
				    view->device->bars[b].start &&
			    system->bootfbs[i].start <=
				    view->device->bars[b].end)
				return &system->bootfbs[i];
	return NULL;
}

/* Whether the device draws the text console, and which; both may be NULL. */
static bool console_on(const struct gate_view *view,
		       const struct framebuffer **fb,
		       const struct vtconsole **console)
{
	return display_draws_console(view->system, view->index, fb, console) ==
	       KNOWN;
}

static void shows_picture(const struct gate_view *view)
{
	const struct connector *connector;
	bool lit;

	if (!topo_is_display(view->device))
		return;
	enum known known =
		topo_is_lit(view->system, view->index, &lit, &connector);
	if (!lit && (connector = enabled_on(view)) != NULL) {
		lit = true;
		known = KNOWN;
	}
	if (known != KNOWN) {
		gate_unknown(
			view, "dev-display-active",
			SAY(_("Whether a screen shows what %s draws could not "
			      "be read."),
			    view->name),
			"/sys/class/drm", known);
		return;
	}
	if (!lit)
		return;
	bool stays, only = !another_is_lit(view, &stays);
	/* Where the host writes its own words, it is not to be guessed that
	 * another screen will do. */
	bool hard = !stays || console_on(view, NULL, NULL) || bootfb_in(view);
	gate_stand(
		view, hard ? GATE_HARD : GATE_SOFT, "dev-display-active",
		SAY(only ? _("%s draws the only screen that is lit (%s): it "
			     "would go dark.") :
		    !stays ? _("%s draws on a screen (%s), and every other "
			       "that is lit goes with it: none would be "
			       "left.") :
			   _("%s draws on a screen (%s) that would go dark."),
		    view->name, connector->name),
		SAY("/sys/class/drm/%s-%s/enabled", connector->card,
		    connector->name),
		"enabled");
}

static void is_boot_display(const struct gate_view *view)
{
	bool boot;

	if (!topo_is_display(view->device))
		return;
	enum known known =
		topo_is_boot_display(view->system, view->index, &boot);
	if (boot)
		gate_stand(
			view, GATE_SOFT, "dev-is-boot-gpu",
			SAY(_("The firmware showed its screen on %s: the guest "
			      "may need a copy of its ROM, and the host loses "
			      "its console."),
			    view->name),
			gate_attribute(view, "boot_vga"), "1");
	else if (!known_is_settled(known))
		gate_unknown(
			view, "dev-is-boot-gpu",
			SAY(_("Whether the firmware showed its screen on %s "
			      "could not be read."),
			    view->name),
			gate_attribute(view, "boot_vga"), known);
}

static void has_console(const struct gate_view *view)
{
	const struct framebuffer *fb;
	const struct vtconsole *console;

	if (console_on(view, &fb, &console))
		gate_stand(view, GATE_SOFT, "dev-console-fb",
			   SAY(_("The text console is drawn by %s (%s)."),
			       view->name, fb->node),
			   SAY("/sys/class/vtconsole/%s/bind", console->node),
			   "1");
}

static void has_bootfb(const struct gate_view *view)
{
	const struct bootfb *bootfb = bootfb_in(view);

	if (bootfb && topo_is_display(view->device))
		gate_stand(view, GATE_SOFT, "dev-sysfb-holds-bar",
			   SAY(_("The firmware's picture (%s) lies in memory "
				 "of %s: another driver may not get at it."),
			       bootfb->name, view->name),
			   "/proc/iomem",
			   SAY("%llx-%llx",
			       (unsigned long long)bootfb->start,
			       (unsigned long long)bootfb->end));
}

/* Whether the host keeps a GPU when all devices of the plan are gone. */
static bool gpu_stays(const struct draft *draft)
{
	for (unsigned i = 0; i < draft->system->device_count; i++) {
		const struct device *each = &draft->system->devices[i];
		if (topo_is_display(each) && !goes(draft, i) &&
		    !(each->driver.known == KNOWN &&
		      topo_is_harmless_driver(each->driver.value)))
			return true;
	}
	return false;
}

static void is_only_gpu(const struct gate_view *view)
{
	if (topo_is_display(view->device) &&
	    !topo_is_vfio_driver(view->change->from) && !enabled_on(view) &&
	    !gpu_stays(view->draft))
		gate_stand(view, GATE_SOFT, "dev-only-gpu",
			   SAY(_("%s is the last GPU that the host has: only "
				 "the network or a serial line will be left."),
			       view->name),
			   gate_attribute(view, "class"),
			   SAY("0x%06x", view->device->class));
}

static void lights_panel(const struct gate_view *view)
{
	const struct host *host = &view->system->host;

	for (unsigned i = 0; i < host->backlight_count; i++)
		if (host->backlights[i].device == view->index)
			gate_stand(view, GATE_SOFT, "dev-backlight-owner",
				   SAY(_("%s lights the built-in panel, "
					 "which would stay dark."),
				       view->name),
				   SAY("/sys/class/backlight/%s",
				       host->backlights[i].name),
				   host->backlights[i].name);
}

static void (*const gates[])(const struct gate_view *view) = {
	shows_picture, is_boot_display, lights_panel,
	has_console,   has_bootfb,	is_only_gpu,
};

void gate_show(const struct gate_view *view)
{
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		gates[i](view);
}
