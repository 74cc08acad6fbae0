// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GPUs: which one the machine started on, and which one lights a screen.
 *
 * Sources: Documentation/gpu/vgaarbiter.rst, Documentation/ABI/testing/
 * sysfs-class-drm.
 */
#include "base/i18n.h"
#include "rule/rules.h"
#include "rule/say.h"

static const struct device *device_of(const struct judge *judge)
{
	return &judge->system->devices[judge->subject.index];
}

static const char *path_of(struct judge *judge, const char *attribute)
{
	return say_device_path(judge, judge->subject.index, attribute);
}

/* Firmware framebuffers within its bars, and what its card says. */
static void say_boot(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct device *device = device_of(judge);

	if (device->boot_vga.known == KNOWN && device->boot_vga.value)
		say_num(judge, path_of(judge, "boot_vga"), &device->boot_vga);
	for (unsigned i = 0; i < system->card_count; i++) {
		const struct card *card = &system->cards[i];
		if (card->device == judge->subject.index &&
		    card->boot_display.known == KNOWN &&
		    card->boot_display.value)
			say_num(judge,
				arena_printf(judge->arena,
					     "/sys/class/drm/%s/boot_display",
					     card->name),
				&card->boot_display);
	}
	for (unsigned i = 0; i < system->bootfb_count; i++)
		for (unsigned b = 0; b < device->bar_count; b++)
			if (system->bootfbs[i].start >= device->bars[b].start &&
			    system->bootfbs[i].start <= device->bars[b].end)
				judge_evidence(
					judge, "/proc/iomem", "%llx-%llx : %s",
					(unsigned long long)
						system->bootfbs[i].start,
					(unsigned long long)
						system->bootfbs[i].end,
					system->bootfbs[i].name);
}

enum verdict rule_dev_boot_gpu(struct judge *judge)
{
	bool boot;

	if (!topo_is_display(device_of(judge)))
		return VERDICT_NOT_HERE;
	enum known known = topo_is_boot_display(judge->system,
						judge->subject.index, &boot);
	if (boot) {
		say_boot(judge);
		judge_remedy(judge, NULL,
			     _("Choose another GPU as the primary one in the "
			       "firmware's setup (\"Primary Display\", "
			       "\"Initial Output\"), or be ready to work "
			       "without a screen, over the network."));
		return VERDICT_FAIL;
	}
	return known_is_settled(known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, path_of(judge, "boot_vga"), known);
}

/* Whether another GPU of the machine lights a screen as well. */
static bool another_is_lit(const struct judge *judge)
{
	const struct system *system = judge->system;
	bool lit;

	for (unsigned i = 0; i < system->device_count; i++)
		if ((int)i != judge->subject.index &&
		    topo_is_display(&system->devices[i]) &&
		    topo_is_lit(system, (int)i, &lit, NULL) == KNOWN && lit)
			return true;
	return false;
}

enum verdict rule_dev_display_active(struct judge *judge)
{
	const struct connector *connector = NULL;
	bool lit;

	if (!topo_is_display(device_of(judge)))
		return VERDICT_NOT_HERE;
	enum known known = topo_is_lit(judge->system, judge->subject.index,
				       &lit, &connector);
	if (known != KNOWN)
		return judge_unknown(judge, "/sys/class/drm", known);
	if (!lit)
		return VERDICT_PASS;
	const char *path = arena_printf(judge->arena, "/sys/class/drm/%s-%s",
					connector->card, connector->name);
	judge_evidence(judge, path, _("connected, enabled"));
	if (connector->monitor.known == KNOWN) {
		judge_title(judge, _("%s on %s is lit by this GPU"),
			    connector->monitor.value, connector->name);
		say_text(judge, arena_printf(judge->arena, "%s/edid", path),
			 &connector->monitor);
	}
	if (another_is_lit(judge))
		judge_severity(judge, SEVERITY_WARNING);
	judge_remedy(judge, NULL,
		     _("Plug the monitor into another GPU, or let the desktop "
		       "use only that one."));
	return VERDICT_FAIL;
}
