// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfiotop: chooses between the text interface and one command's answer.  It
 * knows every floor and does nothing itself.
 */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/complain.h"
#include "cli/machine.h"
#include "cli/options.h"
#include "cli/perform.h"
#include "cli/report.h"
#include "explore.h"
#include "plan/export.h"
#include "rule/engine.h"

static int open_machine(const struct options *options,
			struct machine *machine, unsigned areas, unsigned with)
{
	struct err err;

	if (!machine_open(machine, options->root, areas, with, &err))
		return complain(&err, EXIT_UNREADABLE);
	machine->scene.ascii = options->ascii;
	return 0;
}

static int do_list(const struct options *options)
{
	const char *what = options->word_count > 1 ? options->words[1] : "";
	struct machine machine;
	unsigned areas, with;
	struct err err;

	if (options->word_count != 2 ||
	    !report_list_needs(what, options->json, &areas, &with)) {
		err_set(&err, _("list wants one of: devices, tree, groups, "
				"gpus, usb, storage, iommus, interrupts, "
				"vfio, holders, vfs, mdev, uio, drift, "
				"history, config, log, "
				"rules."));
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, areas, with);
	if (failed)
		return failed;
	if (strcmp(what, "history") == 0)
		perform_pasts(&machine);
	int status = report_list(options, &machine, what);
	machine_close(&machine);
	return status;
}

static int do_check(const struct options *options)
{
	struct machine machine;
	int failed = open_machine(options, &machine, AREA_ALL,
				  WITH_FINDINGS | WITH_NAMES);

	if (failed)
		return failed;
	int status = report_check(options, &machine);
	machine_close(&machine);
	return status;
}

static int do_explain(const struct options *options)
{
	struct machine machine;
	struct err err;

	if (options->word_count != 2) {
		err_set(&err, _("explain wants a rule (vfiotop list rules), a "
				"topic (vfiotop explain topics), an address "
				"or a group."));
		return complain(&err, EXIT_USAGE);
	}
	/* A device is told what it will be after a restart, and why ids were not
	 * taken: the initramfs may say. */
	const char *what = options->words[1];
	bool deep = strpbrk(what, ":.") || text_starts(what, "dev-");
	if (!machine_open(&machine, options->root,
			  AREA_ALL | (deep ? AREA_INITRAMFS : 0),
			  WITH_FINDINGS | WITH_NAMES, &err))
		return report_explain_alone(options, options->words[1]) ?
			EXIT_READY : complain(&err, EXIT_UNREADABLE);
	machine.scene.ascii = options->ascii;
	int status = report_explain(options, &machine, options->words[1]);
	machine_close(&machine);
	return status;
}

/* The earlier reading first; the later one is this machine, or what -r
 * names, unless it is given. */
static int do_diff(const struct options *options)
{
	struct machine before, after;
	struct err err;

	if (options->word_count < 2 || options->word_count > 3) {
		err_set(&err, _("diff wants an earlier reading, such as a "
				"capture, and may have a later one; else it "
				"is compared with now."));
		return complain(&err, EXIT_USAGE);
	}
	struct options later = *options;
	if (options->word_count == 3)
		later.root = options->words[2];
	if (!machine_open(&before, options->words[1], AREA_ALL,
			  WITH_FINDINGS | WITH_NAMES, &err))
		return complain(&err, EXIT_UNREADABLE);
	int status = open_machine(&later, &after, AREA_ALL,
				  WITH_FINDINGS | WITH_NAMES);
	if (!status) {
		status = report_diff(options, &before, &after);
		machine_close(&after);
	}
	machine_close(&before);
	return status;
}

static int do_export(const struct options *options)
{
	const char *what = options->word_count > 1 ? options->words[1] : "";
	enum export_kind kind = export_of_word(what);
	struct machine machine;
	struct err err;

	if (kind == EXPORT_COUNT) {
		err_set(&err, _("export wants one of: qemu, libvirt, modprobe, "
				"driverctl, cmdline, dot."));
		return complain(&err, EXIT_USAGE);
	}
	if (options->word_count < 3 && kind != EXPORT_DOT) {
		err_set(&err, _("%s wants at least one device (01:00.0) or "
				"group (group:13)."), "export");
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, AREA_ALL, WITH_NAMES);
	if (failed)
		return failed;
	int status = report_export(options, &machine);
	machine_close(&machine);
	return status;
}

static int do_capture(const struct options *options)
{
	struct err err;

	if (options->word_count != 2) {
		err_set(&err, _("capture wants one file name, such as "
				"machine.tar.zst, or - for standard output."));
		return complain(&err, EXIT_USAGE);
	}
	if (strcmp(options->words[1], "-") == 0 && isatty(STDOUT_FILENO)) {
		err_set(&err, _("A capture is no text: send it to a file or "
				"into a pipe, not to the terminal."));
		return complain(&err, EXIT_USAGE);
	}
	bool ok = machine_capture(options->root, options->words[1],
				  options->linger ? AREA_LINGER : 0, &err);
	return ok ? EXIT_READY : complain(&err, EXIT_UNREADABLE);
}

static enum intent_kind intent_of(const char *word)
{
	return strcmp(word, "bind") == 0    ? INTENT_BIND :
	       strcmp(word, "restore") == 0 ? INTENT_RESTORE :
	       strcmp(word, "unbind") == 0  ? INTENT_UNBIND :
	       strcmp(word, "persist") == 0 ? INTENT_KEEP : INTENT_NONE;
}

/* What changes no driver. */
static int do_parts(const struct options *options)
{
	struct machine machine;
	struct err err;

	if (!perform_parts_check(options, &err))
		return complain(&err, EXIT_USAGE);
	int failed = open_machine(options, &machine, AREA_ALL,
				  WITH_FINDINGS | WITH_NAMES);
	if (failed)
		return failed;
	int status = perform_parts(options, &machine);
	machine_close(&machine);
	return status;
}

/* Whether a command is about parts of devices, resets or power. */
static bool is_part(const char *word)
{
	return strcmp(word, "vfs") == 0 || strcmp(word, "mdev") == 0 ||
	       strcmp(word, "reset") == 0 || strcmp(word, "power") == 0;
}

static int do_act(const struct options *options)
{
	bool plan = strcmp(options->words[0], "plan") == 0;
	const char *word = plan ? options->word_count > 1 ?
				  options->words[1] : "" : options->words[0];
	enum intent_kind kind = intent_of(word);
	struct machine machine;
	struct err err;

	if (plan && is_part(word))
		return do_parts(&(struct options){
			.root = options->root, .words = options->words + 1,
			.word_count = options->word_count - 1,
			.json = options->json, .dry_run = true,
			.autoprobe = options->autoprobe,
			.color = options->color, .ascii = options->ascii });
	if (kind == INTENT_NONE) {
		err_set(&err, _("plan wants bind, restore, unbind, persist, "
				"vfs, mdev, reset or power, and what to act "
				"on."));
		return complain(&err, EXIT_USAGE);
	}
	if (options->word_count < (plan ? 3u : 2u)) {
		err_set(&err, _("%s wants at least one device (01:00.0) or "
				"group (group:13)."), word);
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, AREA_ALL,
				  WITH_FINDINGS | WITH_NAMES);
	if (failed)
		return failed;
	int status = plan ? perform_plan(options, &machine, kind, 2) :
			    perform_do(options, &machine, kind, 1);
	machine_close(&machine);
	return status;
}

/* "mdev list" is "list mdev". */
static int do_mdev(const struct options *options)
{
	static const char *const list[] = { "list", "mdev" };
	struct options same = *options;

	if (options->word_count != 2 ||
	    strcmp(options->words[1], "list") != 0)
		return do_parts(options);
	same.words = list;
	return do_list(&same);
}

static int do_fix(const struct options *options)
{
	struct machine machine;
	struct err err;

	if (options->word_count != 2) {
		err_set(&err, _("fix wants one rule, such as "
				"intel-iommu-default-off; \"vfiotop check\" "
				"names those that fail."));
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, AREA_ALL,
				  WITH_FINDINGS | WITH_NAMES);
	if (failed)
		return failed;
	int status = perform_fix(options, &machine, options->words[1]);
	machine_close(&machine);
	return status;
}

static int do_session(const struct options *options)
{
	const char *verb = options->word_count > 1 ? options->words[1] : "";
	struct machine machine;
	unsigned least;
	struct err err;

	if (!perform_session_is_verb(verb, &least)) {
		err_set(&err, _("session wants one of: list, save, start, "
				"stop, toggle, status."));
		return complain(&err, EXIT_USAGE);
	}
	if (options->word_count < least ||
	    (least < 4 && options->word_count > least)) {
		err_set(&err, least == 2 ? _("session list wants nothing "
					     "more.") :
			least == 4 ? _("session save wants a name, and "
				       "devices (01:00.0) or groups "
				       "(group:13).") :
				     _("session start, stop, toggle and "
				       "status want the name of a session."));
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, AREA_ALL,
				  WITH_FINDINGS | WITH_NAMES);
	if (failed)
		return failed;
	int status = perform_session(options, &machine);
	machine_close(&machine);
	return status;
}

static int do_inspect(const struct options *options)
{
	struct machine machine;
	struct err err;

	if (options->word_count != 2) {
		err_set(&err, _("inspect wants one device that is on a vfio "
				"driver (01:00.0), its group, or the UUID of a "
				"mediated device."));
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, AREA_ALL, WITH_NAMES);
	if (failed)
		return failed;
	int status = perform_inspect(options, &machine);
	machine_close(&machine);
	return status;
}

static int do_undo(const struct options *options)
{
	struct machine machine;
	struct err err;

	if (options->word_count != 1) {
		err_set(&err, _("undo wants nothing more: it takes back the "
				"last action."));
		return complain(&err, EXIT_USAGE);
	}
	int failed = open_machine(options, &machine, AREA_ALL, WITH_NAMES);

	if (failed)
		return failed;
	int status = perform_undo(options, &machine);
	machine_close(&machine);
	return status;
}

static int do_recover(const struct options *options)
{
	struct machine machine;
	int failed = open_machine(options, &machine, AREA_ALL, WITH_NAMES);

	if (failed)
		return failed;
	int status = perform_recover(options, &machine);
	machine_close(&machine);
	return status;
}

static const struct {
	const char *word;
	int (*run)(const struct options *options);
} commands[] = {
	{ "explore", explore }, { "list", do_list }, { "check", do_check },
	{ "explain", do_explain }, { "capture", do_capture },
	{ "diff", do_diff }, { "export", do_export },
	{ "plan", do_act }, { "bind", do_act }, { "restore", do_act },
	{ "unbind", do_act }, { "vfs", do_parts }, { "mdev", do_mdev },
	{ "reset", do_parts }, { "power", do_parts },
	{ "unbind", do_act }, { "persist", do_act }, { "fix", do_fix },
	{ "session", do_session }, { "inspect", do_inspect },
	{ "undo", do_undo }, { "recover", do_recover },
};

static int run(const struct options *options)
{
	struct err err;

	if (!options->word_count)
		return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
				       !options->json ?
			       explore(options) : do_check(options);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(options->words[0], commands[i].word) == 0)
			return commands[i].run(options);
	err_set(&err, _("There is no command \"%.60s\"; see vfiotop --help."),
		options->words[0]);
	return complain(&err, EXIT_USAGE);
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err;

	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
	if (!options_parse(argc, argv, &options, &err))
		return complain(&err, EXIT_USAGE);
	if (options.help) {
		fputs(options_help(), stdout);
		return EXIT_READY;
	}
	if (options.version) {
		puts(PACKAGE_STRING);
		return EXIT_READY;
	}
	int status = run(&options);
	if (fflush(stdout) || ferror(stdout)) {
		err_set(&err, _("The output could not be written."));
		return complain(&err, EXIT_UNREADABLE);
	}
	return status;
}
