// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_AGENT_H
#define ACT_AGENT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * polkit's agent for terminals, pkttyagent, which asks for the password that
 * pkexec needs.  pkexec has one of its own, which polkit refuses in many
 * versions ("No session for cookie"), because it speaks with root's name
 * before it has root's rights.
 */

/*
 * Start @program, a path, to ask on this terminal for the children of this
 * process, unless an agent of the desktop does; and wait until polkit knows
 * it.  Return its process, for agent_end; 0 when it did not come to that, with
 * nothing left running.
 */
pid_t agent_start(const char *program);

/* End it, when what was asked for is answered.  Sets *agent to 0. */
void agent_end(pid_t *agent);

#endif
