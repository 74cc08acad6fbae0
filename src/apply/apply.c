// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfiotop-apply: the privileged writer.  vfiotop starts it as root and tells
 * it steps on standard input; it takes no options that change what it does,
 * and no path but those that allow.c lists.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/serve.h"

enum { EXIT_USAGE = 64, SETTLE_MS = 2000 };

static int say_what_it_is(FILE *out, int status)
{
	fputs("Usage: vfiotop-apply\n"
	      "Does the steps that vfiotop tells it on standard input, and "
	      "answers each.\n"
	      "It is started by vfiotop; there is nothing to be done with it "
	      "by hand.\n"
	      "  --help     print this text\n"
	      "  --version  print the version\n", out);
	return status;
}

/* Leaving off half-way is worse than going on: only the end of the input
 * ends it, also when the terminal goes or Control-C is typed. */
static void ignore_signals(void)
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGTSTP, SIGTTOU,
	};

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_IGN);
}

int main(int argc, char **argv)
{
	static const struct writer machine = {
		.root = "", .settle_ms = SETTLE_MS,
	};

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return say_what_it_is(stdout, EXIT_SUCCESS);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("vfiotop-apply " PACKAGE_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc != 1 || isatty(STDIN_FILENO))
		return say_what_it_is(stderr, EXIT_USAGE);
	ignore_signals();
	umask(022);
	if (chdir("/") != 0)
		return EXIT_FAILURE;
	return serve(&machine, STDIN_FILENO, STDOUT_FILENO, 0);
}
