// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "model/intent.h"

/* Exit statuses; the acting ones are enum outcome of act/act.h. */
enum exit_status {
	EXIT_READY = 0,
	EXIT_WARNINGS = 1,
	EXIT_BLOCKED = 2,
	EXIT_UNKNOWN = 3,
	EXIT_USAGE = 64,
	EXIT_BROKEN = 70,
	EXIT_UNREADABLE = 74,
};

enum { MOST_ACCEPTS = 64 };

struct options {
	const char *root;	/* -r; NULL: this machine */
	const char *const *words;	/* the command and what follows */
	unsigned word_count;
	bool json;
	bool all;		/* check --all: passes too */
	bool yes, dry_run;
	const char *accept[MOST_ACCEPTS + 1];	/* NULL-ended */
	unsigned accept_count;
	const char *to;		/* bind --to; NULL: vfio-pci */
	bool unload;		/* bind, unbind: modules, where that lets go */
	bool linger;		/* capture: watch for a second who holds nodes */
	enum autoprobe autoprobe;	/* of vfs */
	const char *api;	/* inspect --api: group, cdev; NULL: the newer
				 * of those that are there */
	enum { COLOR_AUTO, COLOR_NEVER, COLOR_ALWAYS } color;
	bool ascii;
	bool help, version;
};

/*
 * Parse the command line; options may stand anywhere.  False with *err for
 * anything that is not understood.  The result points into @argv.
 */
bool options_parse(int argc, char **argv, struct options *options,
		   struct err *err);

/* Return the text of --help. */
const char *options_help(void);

#endif
