// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GPUs: which one the machine started on, and which one lights a screen.
 *
 * Sources: Documentation/gpu/vgaarbiter.rst, Documentation/ABI/testing/
 * sysfs-class-drm.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/display.h"
#include "rule/rules.h"
#include "rule/say.h"

static const char platform_path[] = "/sys/bus/platform/devices/";

/* Firmware framebuffers within its bars or below it, and what its card says. */
static void say_boot(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct device *device = say_device(judge);

	if (device->boot_vga.known == KNOWN && device->boot_vga.value)
		say_num(judge, say_path(judge, "boot_vga"), &device->boot_vga);
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
			if (system->bootfbs[i].start &&
			    system->bootfbs[i].start >= device->bars[b].start &&
			    system->bootfbs[i].start <= device->bars[b].end)
				judge_evidence(
					judge, "/proc/iomem", "%llx-%llx : %s",
					(unsigned long long)
						system->bootfbs[i].start,
					(unsigned long long)
						system->bootfbs[i].end,
					system->bootfbs[i].name);
	for (unsigned i = 0; i < system->sysfb_count; i++)
		if (system->sysfbs[i].device == judge->subject.index)
			judge_evidence(judge,
				       arena_printf(judge->arena, "%s%s",
						    platform_path,
						    system->sysfbs[i].name),
				       "%s", _("(present)"));
}

enum verdict rule_dev_boot_gpu(struct judge *judge)
{
	bool boot;

	if (!topo_is_display(say_device(judge)))
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
		       judge_unknown(judge,
				     say_device(judge)->boot_vga.known ==
						     ABSENT ?
					     "/proc/iomem" :
					     say_path(judge, "boot_vga"),
				     known);
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

	if (!topo_is_display(say_device(judge)))
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

/* Whether a driver of the host, not vfio, makes it usable. */
static enum known shows(const struct device *device)
{
	if (device->driver.known != KNOWN)
		return device->driver.known;
	return topo_is_harmless_driver(device->driver.value) ? ABSENT : KNOWN;
}

enum verdict rule_dev_only_gpu(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct device *device = say_device(judge);
	enum known unknown = KNOWN;

	if (!topo_is_display(device))
		return VERDICT_NOT_HERE;
	enum known self = shows(device);
	if (self != KNOWN)
		return self == ABSENT ? VERDICT_PASS :
					judge_unknown(judge,
						      say_path(judge, "driver"),
						      self);
	for (unsigned i = 0; i < system->device_count; i++) {
		if ((int)i == judge->subject.index ||
		    !topo_is_display(&system->devices[i]))
			continue;
		enum known other = shows(&system->devices[i]);
		if (other == KNOWN)
			return VERDICT_PASS;
		if (other != ABSENT)
			unknown = other;
	}
	if (unknown == KNOWN)
		unknown = system->devices_known;
	if (unknown != KNOWN)
		return judge_unknown(judge, _("drivers of the other GPUs"),
				     unknown);
	say_driver(judge, judge->subject.index);
	judge_remedy(judge, NULL,
		     _("Be ready to work without a screen: over the network "
		       "(ssh) or a serial line."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_console(struct judge *judge)
{
	const struct framebuffer *fb;
	const struct vtconsole *console;

	if (!topo_is_display(say_device(judge)))
		return VERDICT_NOT_HERE;
	enum known known = display_draws_console(
		judge->system, judge->subject.index, &fb, &console);
	if (known == ABSENT)
		return VERDICT_PASS;
	const char *path = !console ? "/sys/class/graphics" :
		arena_printf(judge->arena, "/sys/class/vtconsole/%s/bind",
			     console->node);
	if (known != KNOWN)
		return judge_unknown(judge, path, known);
	const char *commands[] = {
		arena_printf(judge->arena, "echo 0 > %s", path), NULL,
	};
	say_num(judge, path, &console->bound);
	say_text(judge, arena_printf(judge->arena,
				     "/sys/class/graphics/%s/name", fb->node),
		 &fb->name);
	judge_remedy(judge, commands,
		     _("Let go of the console first; the text screen goes "
		       "dark:"));
	return VERDICT_FAIL;
}

/* Whether what was said is proof of a framebuffer of the firmware's. */
static bool says_sysfb(const struct judge *judge)
{
	for (unsigned i = 0; i < judge->finding->evidence_count; i++)
		if (strcmp(judge->evidence[i].source, "/proc/iomem") == 0 ||
		    text_starts(judge->evidence[i].source, platform_path))
			return true;
	return false;
}

enum verdict rule_dev_sysfb(struct judge *judge)
{
	const struct device *device = say_device(judge);

	enum known shown = shows(device);

	if (!topo_is_display(device) || shown == KNOWN)
		return VERDICT_NOT_HERE;
	say_boot(judge);
	bool held = says_sysfb(judge);
	if (held && shown == ABSENT) {
		judge_parameter(judge, "initcall_blacklist=sysfb_init", false);
		return VERDICT_FAIL;
	}
	judge->finding->evidence_count = 0;
	/* A driver of the host would have taken the console over. */
	if (held)
		return judge_unknown(judge, say_path(judge, "driver"), shown);
	if (judge->system->iomem_known != KNOWN)
		return judge_unknown(judge, "/proc/iomem",
				     judge->system->iomem_known);
	return known_is_settled(device->resources) ?
		       VERDICT_PASS :
		       judge_unknown(judge, say_path(judge, "resource"),
				     device->resources);
}

enum { CLASS_VGA = 0x0300 };

enum verdict rule_dev_vga_arbiter(struct judge *judge)
{
	const struct system *system = judge->system;
	unsigned vga = 0;

	if (say_device(judge)->class >> 8 != CLASS_VGA)
		return VERDICT_NOT_HERE;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].class >> 8 == CLASS_VGA)
			vga++;
	enum known built = clue_built(system, CFG_VFIO_PCI_VGA);
	const char *off = system_parameter(system, "vfio_pci.disable_vga");
	if (vga < 2 && system->devices_known != KNOWN && built != ABSENT)
		return judge_unknown(judge, "/sys/bus/pci/devices",
				     system->devices_known);
	if (vga < 2 || built == ABSENT || (off && strcmp(off, "1") == 0))
		return VERDICT_PASS;
	if (built != KNOWN)
		return judge_unknown(judge, _("the kernel's configuration"),
				     system->host.kconfig.known);
	judge_evidence(judge, say_read(judge, "class"),
		       P_("%u VGA controller", "%u VGA controllers", vga), vga);
	say_symbol(judge, CFG_VFIO_PCI_VGA);
	judge_parameter(judge, "vfio-pci.disable_vga=1", false);
	return VERDICT_FAIL;
}

enum verdict rule_dev_igd(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct bdf *at = &device->address;

	if (at->bus != 0 || at->device != 2 || at->function != 0)
		return VERDICT_NOT_HERE;
	if (device->identity != KNOWN)
		return judge_unknown(judge, say_path(judge, "uevent"),
				     device->identity);
	if (!topo_is_display(device) || device->vendor != 0x8086)
		return VERDICT_PASS;
	say_id(judge, judge->subject.index, "");
	say_symbol(judge, CFG_VFIO_PCI_IGD);
	if (clue_built(judge->system, CFG_VFIO_PCI_IGD) != ABSENT)
		judge_severity(judge, SEVERITY_INFO);
	return VERDICT_FAIL;
}

enum verdict rule_dev_backlight(struct judge *judge)
{
	const struct host *host = &judge->system->host;

	if (!topo_is_display(say_device(judge)))
		return VERDICT_NOT_HERE;
	for (unsigned i = 0; i < host->backlight_count; i++) {
		const struct backlight *light = &host->backlights[i];
		if (light->device != judge->subject.index)
			continue;
		say_text(judge,
			 arena_printf(judge->arena,
				      "/sys/class/backlight/%s/type",
				      light->name),
			 &light->type);
		if (!judge->finding->evidence_count)
			judge_evidence(judge, "/sys/class/backlight", "%s",
				       light->name);
		judge_remedy(judge, NULL,
			     _("Plug a monitor into another GPU first, if the "
			       "host is to keep a screen."));
		return VERDICT_FAIL;
	}
	return known_is_settled(host->backlights_known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/sys/class/backlight",
				     host->backlights_known);
}

enum verdict rule_dev_switcheroo(struct judge *judge)
{
	static const char path[] = "/sys/kernel/debug/vgaswitcheroo/switch";
	const struct host *host = &judge->system->host;

	if (!topo_is_display(say_device(judge)))
		return VERDICT_NOT_HERE;
	for (unsigned i = 0; i < host->switcheroo_count; i++) {
		const struct switcheroo *line = &host->switcheroos[i];
		if (line->device != judge->subject.index ||
		    !strstr(line->text, "Off:"))
			continue;
		judge_evidence(judge, path, "%s", line->text);
		return VERDICT_FAIL;
	}
	return known_is_settled(host->switcheroo_known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, path, host->switcheroo_known);
}
