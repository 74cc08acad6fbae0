// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line, parsed.  It decides nothing about the machine.
 */
#include "cli/options.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "base/i18n.h"

enum { OPT_FORMAT = 256, OPT_YES, OPT_ACCEPT, OPT_DRY_RUN, OPT_COLOR,
       OPT_ASCII, OPT_VERSION, OPT_ALL, OPT_TO, OPT_AUTOPROBE,
       OPT_API, OPT_UNLOAD, OPT_LINGER };

static const struct option table[] = {
	{ "root", required_argument, NULL, 'r' },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "accept", required_argument, NULL, OPT_ACCEPT },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "ascii", no_argument, NULL, OPT_ASCII },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "to", required_argument, NULL, OPT_TO },
	{ "unload", no_argument, NULL, OPT_UNLOAD },
	{ "linger", no_argument, NULL, OPT_LINGER },
	{ "autoprobe", required_argument, NULL, OPT_AUTOPROBE },
	{ "api", required_argument, NULL, OPT_API },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool set_format(struct options *options, const char *word,
		       struct err *err)
{
	options->json = strcmp(word, "json") == 0;
	if (options->json || strcmp(word, "text") == 0)
		return true;
	err_set(err, _("--format is text or json, not \"%s\"."), word);
	return false;
}

static bool set_color(struct options *options, const char *word,
		      struct err *err)
{
	static const char *const words[] = { "auto", "never", "always" };

	for (int i = 0; i < 3; i++)
		if (strcmp(word, words[i]) == 0) {
			options->color = (unsigned)i;
			return true;
		}
	err_set(err, _("--color is auto, never or always, not \"%s\"."), word);
	return false;
}

static bool set_autoprobe(struct options *options, const char *word,
			  struct err *err)
{
	bool on = strcmp(word, "on") == 0;

	options->autoprobe = on ? AUTOPROBE_ON : AUTOPROBE_OFF;
	if (on || strcmp(word, "off") == 0)
		return true;
	err_set(err, _("--autoprobe is on or off, not \"%s\"."), word);
	return false;
}

static bool set_api(struct options *options, const char *word, struct err *err)
{
	options->api = word;
	if (strcmp(word, "group") == 0 || strcmp(word, "cdev") == 0)
		return true;
	err_set(err, _("--api is group or cdev, not \"%s\"."), word);
	return false;
}

/* --accept RULE may be given several times; what follows that is no option
 * belongs to the command, so lists use commas: --accept a,b. */
static bool add_accepts(struct options *options, char *words, struct err *err)
{
	char *rest = NULL;

	for (char *word = strtok_r(words, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		if (options->accept_count == MOST_ACCEPTS) {
			err_set(err, _("--accept names more than %d rules."),
				MOST_ACCEPTS);
			return false;
		}
		options->accept[options->accept_count++] = word;
	}
	return true;
}

static bool take(struct options *options, int option, struct err *err)
{
	switch (option) {
	case 'r':
		options->root = optarg;
		return true;
	case OPT_FORMAT:
		return set_format(options, optarg, err);
	case OPT_COLOR:
		return set_color(options, optarg, err);
	case OPT_ACCEPT:
		return add_accepts(options, optarg, err);
	case OPT_AUTOPROBE:
		return set_autoprobe(options, optarg, err);
	case OPT_YES:
		options->yes = true;
		return true;
	case OPT_DRY_RUN:
		options->dry_run = true;
		return true;
	case OPT_ASCII:
		options->ascii = true;
		return true;
	case OPT_ALL:
		options->all = true;
		return true;
	case OPT_TO:
		options->to = optarg;
		return true;
	case OPT_UNLOAD:
		options->unload = true;
		return true;
	case OPT_LINGER:
		options->linger = true;
		return true;
	case OPT_API:
		return set_api(options, optarg, err);
	case OPT_VERSION:
		options->version = true;
		return true;
	case 'h':
		options->help = true;
		return true;
	default:
		return false;
	}
}

bool options_parse(int argc, char **argv, struct options *options,
		   struct err *err)
{
	int option;

	*options = (struct options){0};
	opterr = 0;
	optind = 0;
	while ((option = getopt_long(argc, argv, ":r:h", table, NULL)) != -1) {
		if (option == ':') {
			err_set(err, _("%s wants a value; see vfiotop --help."),
				argv[optind - 1]);
			return false;
		}
		if (option == '?') {
			err_set(err, _("There is no option %s; see vfiotop "
				       "--help."), argv[optind - 1]);
			return false;
		}
		if (!take(options, option, err))
			return false;
	}
	options->words = (const char *const *)(argv + optind);
	options->word_count = (unsigned)(argc - optind);
	return true;
}

const char *options_help(void)
{
	return _(
"usage: vfiotop [-r PATH] [COMMAND] [OPTION]...\n"
"\n"
"Shows a machine's PCI devices as device assignment (VFIO) sees them, says\n"
"what stands in the way of giving one to a virtual machine, and rebinds it.\n"
"Without a command: the text interface on a terminal, else \"check\".\n"
"\n"
"  -r PATH    another machine: a directory, a capture, the output of\n"
"             lspci -xxxx, or a kernel log; - for standard input\n"
"\n"
"Looking\n"
"  explore                     the text interface\n"
"  check [SUBJECT]...          what stands in the way, cause first\n"
"  list devices|tree|groups|gpus|usb|storage|iommus|interrupts|vfio|\n"
"       holders|vfs|mdev|uio|drift|history|config|log|rules\n"
"  explain RULE|SUBJECT|TOPIC  what a rule means, what is known of a subject,\n"
"                              an answer; explain topics lists them\n"
"  capture FILE                keep this machine as a file; - for a pipe\n"
"  diff A [B]                  what differs between two readings; B: now\n"
"  export qemu|libvirt|modprobe|driverctl|cmdline SUBJECT...\n"
"  export dot [SUBJECT]...     what other programs need to be told\n"
"\n"
"Acting\n"
"  plan bind|restore|unbind|persist SUBJECT...\n"
"                                        what would be done, as shell lines;\n"
"                                        also plan vfs, mdev, reset, power\n"
"  bind SUBJECT... [--to DRIVER]         give to vfio-pci, whole groups\n"
"  restore SUBJECT...                    give back to the host's own driver\n"
"  unbind SUBJECT...                     leave without a driver\n"
"  vfs ADDRESS COUNT                     make virtual functions, or remove them\n"
"      [--autoprobe on|off]              (0); whether drivers take them at once\n"
"  mdev list                             mediated devices, and what could be\n"
"  mdev create PARENT TYPE [UUID]        make one\n"
"  mdev remove UUID                      remove one\n"
"  reset SUBJECT...                      reset devices, each by itself\n"
"  power SUBJECT... on|auto              keep awake, or let sleep when idle\n"
"  persist SUBJECT...                    what they are now, after a restart too\n"
"  fix RULE                              write the kernel parameter that helps\n"
"  session list|start NAME|stop NAME|toggle NAME|status NAME\n"
"  session save NAME SUBJECT...          keep devices under a name\n"
"  inspect SUBJECT [--api group|cdev]    what VFIO grants; resets the device\n"
"  undo                                  take back the last action\n"
"  recover [finish|forget]               take back what was interrupted, bring\n"
"                                        it to its end, or leave it as it is\n"
"\n"
"A SUBJECT is an address (01:00.0), group:N, or system.\n"
"\n"
"  --format text|json   --all   --color auto|never|always   --ascii\n"
"  --yes                answer the confirmation\n"
"  --accept RULE,...    accept these open gates (or: all)\n"
"  --dry-run            show the plan, write nothing\n"
"  --unload             bind, unbind: where the driver is nvidia or i915, unload\n"
"                       its modules in place of an unbind\n"
"  --linger             capture: watch for a second who holds devices\n"
"  --version  --help\n"
"\n"
"Exit status of looking: 0 nothing in the way, 1 warnings, 2 a blocker, 3\n"
"could not tell; of diff: 0 the same, 1 it differs.  Of acting: 0 done, 10\n"
"refused, 11 rolled back, 12 partly rolled back, 13 stuck, 14 declined.\n"
"64 usage, 70 internal, 74 unreadable.\n");
}
