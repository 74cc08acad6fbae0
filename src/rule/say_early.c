// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the initramfs has to do with a device's driver, as evidence and ways
 * out.  It only adds: no verdict rests on it.
 */
#include <string.h>

#include "base/i18n.h"
#include "model/refresh.h"
#include "rule/early.h"
#include "rule/say.h"

static void say_image(struct judge *judge, const struct early *early)
{
	const char *image = judge->system->host.initramfs.image;
	const char *file = strstr(early->source, ": ");

	if (early->kind == EARLY_OWN)
		judge_evidence(judge, image, "%s.ko, %svfio-pci.ko",
			       early->module, early->has_vfio ? "" : "no ");
	else if (file)
		judge_evidence(judge, image, "%s: %s", file + 2, early->line);
	else
		judge_evidence(judge, image, "no module of the device");
}

static void say_stale(struct judge *judge, const struct early *early)
{
	const struct host *host = &judge->system->host;
	const char *line = refresh_line(host, judge->arena);
	const char *lines[] = { line, NULL };

	if (!early->stale_line)
		return;
	if (early->stale_in_image)
		judge_evidence(judge, host->initramfs.image, "%s: %s",
			       strstr(early->stale_source, ": ") + 2,
			       early->stale_line);
	else
		judge_evidence(judge, early->stale_source, "%s",
			       early->stale_line);
	judge_remedy(judge, *line ? lines : NULL,
		     _("Make the initramfs anew: its copy of modprobe.d is "
		       "another than that of /etc/modprobe.d."));
}

void say_early(struct judge *judge)
{
	const struct early early = early_of(judge->system,
					    judge->subject.index,
					    judge->arena);
	char name[BDF_TEXT];

	if (early.kind != EARLY_UNKNOWN) {
		say_image(judge, &early);
		say_stale(judge, &early);
		return;
	}
	const char *lines[] = {
		arena_printf(judge->arena, "sudo vfiotop explain %s",
			     bdf_print_short(say_device(judge)->address,
					     name)), NULL,
	};
	judge_remedy(judge, lines,
		     _("The initramfs loads drivers before the files of the "
		       "root are seen, and may have the reason; %s.  This "
		       "looks into it:"), early_why(judge->system,
						    judge->arena));
}
