// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a program and kills it, and all that it started, with SIGKILL right
 * after it has put its journal on disk for the Nth time: between two steps,
 * at the same place every time.  Ends with 137 then; with the program's own
 * status when it never came so far.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STRUCK = 137 };

/* Kill the children of a process; the kernel lists them. */
static void kill_children(pid_t parent)
{
	char path[64];
	int child;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent,
		 parent);
	FILE *list = fopen(path, "r");
	while (list && fscanf(list, "%d", &child) == 1) {
		kill_children(child);
		kill(child, SIGKILL);
	}
	if (list)
		fclose(list);
}

/* Whether the program has just come back from an fsync. */
static int has_synced(pid_t pid, int *inside)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0)
		return 0;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		*inside = info.entry.nr == SYS_fsync;
		return 0;
	}
	return info.op == PTRACE_SYSCALL_INFO_EXIT && *inside;
}

static int watch(pid_t pid, int left)
{
	int status, inside = 0, signal = 0;

	for (;;) {
		ptrace(PTRACE_SYSCALL, pid, 0, signal);
		if (waitpid(pid, &status, 0) != pid)
			return 1;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		signal = WSTOPSIG(status);
		/* The plain one tells of execve, the other of a call. */
		if (signal != SIGTRAP && signal != (SIGTRAP | 0x80))
			continue;
		int call = signal != SIGTRAP;
		signal = 0;
		if (!call || !has_synced(pid, &inside) || --left)
			continue;
		kill_children(pid);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		return STRUCK;
	}
}

int main(int argc, char **argv)
{
	int status;

	if (argc < 3 || atoi(argv[1]) < 1) {
		fputs("usage: strike N PROGRAM [WORD]...\n", stderr);
		return 64;
	}
	pid_t pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("strike");
		return 1;
	}
	ptrace(PTRACE_SETOPTIONS, pid, 0,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	return watch(pid, atoi(argv[1]));
}
