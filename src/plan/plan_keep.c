// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps for the next start: what the devices are now is written down, and the
 * kernel's command line is changed as a remedy says.  Nothing of it is done to
 * the machine that runs.
 *
 * With driverctl a device keeps its driver by a file of its own.  Without it
 * vfio-pci is told ids, and the modules that could drive them to wait for it;
 * all in one file, because of several lines with ids= only the last counts.
 *
 * Source: driverctl(8); modprobe.d(5); drivers/vfio/pci/vfio_pci.c,
 * vfio_pci_fill_ids(); kernel/params.c (the last one counts).
 */
#include "plan/gate_part.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/refresh.h"
#include "model/topo.h"

enum {
	FILE_SECONDS = 15,
	REFRESH_SECONDS = 600,	/* an initramfs for every kernel */
	MOST_WORDS = 64,
};

static const char own_file[] = "/etc/modprobe.d/vfiotop-vfio.conf";

/* --- steps --- */

static struct expect text_is(const char *path, const char *text)
{
	return (struct expect){ text ? EXPECT_FILE : EXPECT_GONE, path,
				text ? text : "" };
}

/* Make a file out of another; NULL: there is none. */
static struct step write_file(const char *path, const char *before,
			      const char *after, const char *why)
{
	return (struct step){
		.kind = STEP_FILE, .path = path, .value = after ? after : "",
		.self = "", .before = text_is(path, before),
		.expect = text_is(path, after), .why = why,
		.deadline_s = FILE_SECONDS, .device = NONE,
	};
}

static struct step run_words(const char *const *words, const char *why)
{
	struct step step = {
		.kind = STEP_RUN, .path = "", .value = "", .self = "",
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_NOTHING, "", "" },
		.why = why, .deadline_s = REFRESH_SECONDS, .device = NONE,
	};

	for (unsigned i = 0; i < STEP_WORDS && words[i]; i++)
		step.argv[i] = words[i];
	return step;
}

/* Add a change and what makes it be seen; both are taken back together, in
 * the same order. */
static void add_change(struct draft *draft, struct step change,
		       struct step back, const struct step *refresh)
{
	struct step *undo = arena_array(draft->arena, 2, sizeof *undo);

	undo[0] = back;
	undo[0].ensure = true;
	if (refresh) {
		undo[1] = *refresh;
		undo[1].ensure = true;
	}
	change.undo = undo;
	change.undo_count = refresh ? 2 : 1;
	draft_step(draft, change);
	if (refresh)
		draft_step(draft, *refresh);
}

static void change_file(struct draft *draft, const char *path,
			const char *before, const char *after,
			const struct step *refresh)
{
	add_change(draft,
		   write_file(path, before, after,
			      _("the next start reads it")),
		   write_file(path, after, before, _("it was so before")),
		   refresh);
}

/* --- with driverctl --- */

static const char *stored_override(const struct draft *draft, const char *path)
{
	const struct host *host = &draft->system->host;

	for (unsigned i = 0; i < host->override_count; i++)
		if (strcmp(host->overrides[i].source, path) == 0)
			return host->overrides[i].text;
	return NULL;
}

/* What the host has given away is kept so; its own needs no word. */
static bool is_given(const struct change *change)
{
	return *change->from && topo_is_harmless_driver(change->from);
}

static bool is_kept(const struct draft *draft, const struct change *change)
{
	return !topo_is_bridge(draft_device(draft, change)) &&
	       !topo_is_platform(draft_device(draft, change));
}

static void keep_override(struct draft *draft, const struct change *change)
{
	char address[BDF_TEXT];
	const char *path = arena_printf(
		draft->arena, "/etc/driverctl.d/%s",
		bdf_print(draft_device(draft, change)->address, address));
	const char *before = stored_override(draft, path);
	const char *after = is_given(change) ? change->from : NULL;

	if (!before && !after)
		return;
	if (!before || !after || strcmp(before, after) != 0)
		change_file(draft, path, before, after, NULL);
}

/* --- with modprobe.d --- */

/* Words without double ones. */
struct words {
	const char *item[MOST_WORDS];
	unsigned count;
};

static bool has_word(const struct words *words, const char *word)
{
	for (unsigned i = 0; i < words->count; i++)
		if (strcmp(words->item[i], word) == 0)
			return true;
	return false;
}

static void add_word(struct words *words, const char *word)
{
	if (*word && !has_word(words, word) && words->count < MOST_WORDS)
		words->item[words->count++] = word;
}

static void drop_word(struct words *words, const char *word)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < words->count; i++)
		if (strcmp(words->item[i], word) != 0)
			words->item[kept++] = words->item[i];
	words->count = kept;
}

/* Add what stands between any of @marks in @text. */
static void add_words(struct draft *draft, struct words *words,
		      const char *text, const char *marks)
{
	while (*text) {
		size_t len = strcspn(text, marks);
		add_word(words, arena_copy(draft->arena, text, len));
		text += len;
		text += strspn(text, marks);
	}
}

/* What our file says, and what it is to say. */
struct ids_file {
	struct words ids, modules;
	const char *before;	/* NULL: there is none */
};

static void read_own_line(struct draft *draft, struct ids_file *file,
			  const char *line)
{
	static const char options[] = "options vfio-pci ids=";
	static const char softdep[] = "softdep ";

	if (text_starts(line, options))
		add_words(draft, &file->ids, line + sizeof options - 1, ",");
	else if (text_starts(line, softdep))
		add_word(&file->modules,
			 arena_copy(draft->arena, line + sizeof softdep - 1,
				    strcspn(line + sizeof softdep - 1, " ")));
}

static void read_own_file(struct draft *draft, struct ids_file *file)
{
	const struct host *host = &draft->system->host;

	for (unsigned i = 0; i < host->modprobe_count; i++) {
		const struct config_line *line = &host->modprobe[i];
		if (strcmp(line->source, own_file) != 0)
			continue;
		read_own_line(draft, file, line->text);
		file->before = file->before ?
			arena_printf(draft->arena, "%s\n%s", file->before,
				     line->text) : line->text;
	}
}

static const char *compose(struct draft *draft, const struct ids_file *file)
{
	struct buf text = {0};

	if (!file->ids.count)
		return NULL;
	buf_puts(&text, "options vfio-pci ids=");
	for (unsigned i = 0; i < file->ids.count; i++)
		buf_printf(&text, "%s%s", i ? "," : "", file->ids.item[i]);
	for (unsigned i = 0; i < file->modules.count; i++)
		buf_printf(&text, "\nsoftdep %s pre: vfio-pci",
			   file->modules.item[i]);
	const char *made = arena_text(draft->arena, buf_str(&text));
	buf_free(&text);
	return made;
}

static void keep_ids(struct draft *draft)
{
	struct ids_file file = {0};
	struct step refresh;

	read_own_file(draft, &file);
	for (unsigned i = 0; i < draft->change_count; i++) {
		const struct change *change = &draft->changes[i];
		const struct device *device = draft_device(draft, change);
		const char *ids = arena_printf(draft->arena, "%04x:%04x",
					       device->vendor, device->device);
		if (!is_kept(draft, change))
			continue;
		if (!is_given(change)) {
			drop_word(&file.ids, ids);
			continue;
		}
		add_word(&file.ids, ids);
		if (device->modules.known == KNOWN)
			add_words(draft, &file.modules, device->modules.value,
				  " ");
	}
	const char *after = compose(draft, &file);
	const char *const *words = refresh_words(&draft->system->host);
	bool same = file.before ? after && strcmp(file.before, after) == 0 :
				  !after;
	if (same)
		return;
	if (words)
		refresh = run_words(words, _("the initramfs has a copy"));
	change_file(draft, own_file, file.before, after,
		    words ? &refresh : NULL);
}

static bool has_driverctl(const struct draft *draft)
{
	const struct fact_num *tool = &draft->system->host.driverctl;

	return tool->known == KNOWN && tool->value;
}

void keep_steps(struct draft *draft)
{
	if (!has_driverctl(draft)) {
		keep_ids(draft);
		return;
	}
	for (unsigned i = 0; i < draft->change_count; i++)
		if (is_kept(draft, &draft->changes[i]))
			keep_override(draft, &draft->changes[i]);
}

/* --- what stands in the way of ids --- */

static void needs_driverctl(const struct gate_view *view)
{
	if (strcmp(view->change->from, "vfio-pci") != 0)
		gate_stand(view, GATE_HARD, "keep-needs-driverctl",
			   SAY(_("Ids can be given to vfio-pci only: to keep "
				 "%s on %s, install driverctl."),
			       view->name, view->change->from),
			   "/etc/modprobe.d", view->change->from);
}

static void is_given_elsewhere(const struct gate_view *view)
{
	const struct host *host = &view->system->host;
	const char *boot = system_parameter(view->system, "vfio-pci.ids");

	if (boot)
		gate_stand(view, GATE_HARD, "keep-ids-elsewhere",
			   SAY(_("The kernel's command line gives ids to "
				 "vfio-pci, and those alone count: add %s "
				 "there."), view->name),
			   "/proc/cmdline", boot);
	for (unsigned i = 0; i < host->modprobe_count; i++) {
		const struct config_line *line = &host->modprobe[i];
		if (strcmp(line->source, own_file) == 0 ||
		    !text_starts(line->text, "options vfio") ||
		    !strstr(line->text, "ids="))
			continue;
		gate_stand(view, GATE_HARD, "keep-ids-elsewhere",
			   SAY(_("%s gives ids to vfio-pci, and of two such "
				 "lines the last alone counts: add %s there."),
			       line->source, view->name),
			   line->source, line->text);
	}
}

static void has_twins(const struct gate_view *view)
{
	for (unsigned i = 0; i < view->system->device_count; i++) {
		const struct device *other = &view->system->devices[i];
		char name[BDF_TEXT];
		if ((int)i == view->index ||
		    other->vendor != view->device->vendor ||
		    other->device != view->device->device ||
		    (other->driver.known == KNOWN &&
		     topo_is_vfio_driver(other->driver.value)))
			continue;
		gate_stand(view, GATE_SOFT, "dev-identical-ids",
			   SAY(_("%s has the same ids as %s and would go to "
				 "vfio-pci too; driverctl tells them apart."),
			       bdf_print_short(other->address, name),
			       view->name),
			   gate_attribute(view, "device"),
			   SAY("%04x:%04x", other->vendor, other->device));
	}
}

static void is_built_in(const struct gate_view *view)
{
	const struct fact_num *builtin = &view->device->builtin;

	if (builtin->known == KNOWN && builtin->value)
		gate_stand(view, GATE_SOFT, "dev-builtin-competitor",
			   SAY(_("The driver of %s is built into the kernel "
				 "and comes before vfio-pci: driverctl takes "
				 "it over later."),
			       view->name),
			   "modules.builtin", view->device->modules.value);
}

static void (*const gates[])(const struct gate_view *view) = {
	needs_driverctl, is_given_elsewhere, has_twins, is_built_in,
};

void keep_gates(struct draft *draft)
{
	if (draft->intent->kind != INTENT_KEEP || has_driverctl(draft))
		return;
	for (unsigned i = 0; i < draft->change_count; i++) {
		struct gate_view view = {
			.draft = draft, .system = draft->system,
			.change = &draft->changes[i],
			.device = draft_device(draft, &draft->changes[i]),
			.index = draft->changes[i].device,
		};
		bdf_print_short(view.device->address, view.name);
		for (size_t g = 0; is_given(view.change) &&
				   is_kept(draft, view.change) &&
				   g < sizeof gates / sizeof *gates; g++)
			gates[g](&view);
	}
}

/* --- the kernel's command line --- */

static struct step write_line(const struct edit *edit, const char *before,
			      const char *after, const char *why)
{
	return (struct step){
		.kind = STEP_FILE, .path = edit->file, .value = after,
		.self = "", .before = { EXPECT_LINE, edit->file, before },
		.expect = { EXPECT_LINE, edit->file, after }, .why = why,
		.deadline_s = FILE_SECONDS, .device = NONE,
	};
}

void edit_steps(struct draft *draft)
{
	const struct edit *edit = draft->intent->edit;
	struct step run = run_words(edit->command,
				    _("the boot loader takes it"));

	if (edit->file)
		add_change(draft,
			   write_line(edit, edit->before, edit->after,
				      _("the next start reads it")),
			   write_line(edit, edit->after, edit->before,
				      _("it was so before")),
			   &run);
	else
		add_change(draft, run,
			   run_words(edit->undo, _("it was so before")), NULL);
}
