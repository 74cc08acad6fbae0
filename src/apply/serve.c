// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The conversation of vfiotop-apply: lines in, lines out.  It opens no file
 * and judges no step.
 */
#include "apply/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/allow.h"
#include "apply/child.h"
#include "apply/lock.h"

/* Of sysexits.h: OK, IOERR, TEMPFAIL. */
enum { SERVE_OK = 0, SERVE_LOST = 74, SERVE_BUSY = 75 };

struct server {
	const struct writer *writer;
	int in, out;
	int lock;		/* apply/lock.h */
	int deadline_ms;
	char line[WIRE_LINE];
	size_t len;		/* bytes of .line that are filled */
	bool overlong;		/* the rest of this line is not kept */
	bool lost;		/* nobody reads the answers */
	struct child stuck;	/* .pid: one that has not come back */
	bool stumbled;		/* the kernel has had an oops */
};

static void answer(struct server *server, const struct reply *reply)
{
	struct buf line = {0};
	size_t done = 0;

	wire_reply(&line, reply);
	buf_putc(&line, '\n');
	while (done < line.len && !server->lost) {
		ssize_t count = write(server->out, line.data + done,
				      line.len - done);
		if (count > 0)
			done += (size_t)count;
		else if (count == 0 || errno != EINTR)
			server->lost = true;
	}
	buf_free(&line);
}

static void refuse(struct server *server, const char *why)
{
	struct reply reply = { .kind = REPLY_FAILED, .phase = PHASE_REFUSED };

	size_t len = strnlen(why, sizeof reply.detail - 1);
	memcpy(reply.detail, why, len);
	reply.detail[len] = '\0';
	answer(server, &reply);
}

static void answer_found(void *context, const struct reply *reply)
{
	answer(context, reply);
}

static void perform(struct server *server, const struct step *step)
{
	const int spare[2] = { server->in, server->out };
	int deadline = server->deadline_ms ? server->deadline_ms :
					     (int)step->deadline_s * 1000;
	struct child child = { .found = answer_found, .context = server };
	struct reply reply = { .kind = REPLY_FAILED, .phase = PHASE_WRITE };
	unsigned long oopses = write_oopses(server->writer);

	if (!child_start(&child, server->writer, step, spare)) {
		reply.errnum = errno;
	} else if (!child_wait(&child, deadline, &reply)) {
		child_describe(&child, &reply);
		server->stuck = child;
		lock_tell(server->lock, child.waits);
	} else if (write_oopses(server->writer) != oopses) {
		/* Whatever the step says: the task that stumbled may have
		 * held the device's lock. */
		server->stumbled = true;
		reply = (struct reply){ .kind = REPLY_STUCK, .ms = reply.ms };
	}
	answer(server, &reply);
}

static void take_line(struct server *server)
{
	struct arena arena = {0};
	const char *boot;
	struct step step;
	struct err err = {0};

	if (server->overlong)
		refuse(server, "a line that is too long");
	else if (server->stuck.pid)
		refuse(server, "a step is stuck");
	else if (server->stumbled)
		refuse(server, "the kernel has stumbled");
	else if (!wire_parse_order(server->line, &arena, &step, &boot, &err) ||
		 !allow_step(&step, &err))
		refuse(server, err.text);
	else if (!write_is_in(server->writer, boot))
		refuse(server, "a plan of another machine, or of before this "
		       "one was started");
	else
		perform(server, &step);
	arena_free(&arena);
}

static void take_bytes(struct server *server, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len && !server->lost; i++) {
		if (bytes[i] == '\n') {
			server->line[server->len] = '\0';
			take_line(server);
			server->len = 0;
			server->overlong = false;
		} else if (!bytes[i] ||
			   server->len + 1 == sizeof server->line) {
			server->overlong = true;
		} else {
			server->line[server->len++] = bytes[i];
		}
	}
}

/* What was stuck has come back: say so; nothing more is done all the same. */
static void take_return(struct server *server)
{
	struct reply reply;

	if (!child_wait(&server->stuck, 0, &reply))
		return;
	reply.kind = REPLY_RETURNED;
	answer(server, &reply);
	server->stuck = (struct child){ .pid = -1, .fd = -1 };
}

/* Until there is no more. */
static int take_all(struct server *server)
{
	while (!server->lost) {
		struct pollfd fds[] = {
			{ server->in, POLLIN, 0 },
			{ server->stuck.fd, POLLIN, 0 },
		};
		char bytes[4096];
		if (poll(fds, server->stuck.fd >= 0 ? 2 : 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			return SERVE_LOST;
		}
		if (server->stuck.fd >= 0 && fds[1].revents)
			take_return(server);
		if (!fds[0].revents)
			continue;
		ssize_t len = read(server->in, bytes, sizeof bytes);
		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return len ? SERVE_LOST : SERVE_OK;
		take_bytes(server, bytes, (size_t)len);
	}
	return SERVE_LOST;
}

int serve(const struct writer *writer, int in, int out, int deadline_ms)
{
	struct server server = { .writer = writer, .in = in, .out = out,
				 .deadline_ms = deadline_ms,
				 .stuck = { .fd = -1 } };
	const struct reply ready = { .kind = REPLY_READY };
	struct reply busy;

	server.lock = lock_take(writer->root, &busy);
	answer(&server, server.lock < 0 ? &busy : &ready);
	if (server.lock < 0)
		return SERVE_BUSY;
	int status = take_all(&server);
	close(server.lock);
	return status;
}
