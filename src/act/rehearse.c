// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A backend that writes to the model of the kernel: for captures, for a dry
 * run, and for tests, which can make it fail.  It answers as the writer does,
 * and touches no file.
 */
#include "act/rehearse.h"

#include <stdio.h>
#include <string.h>

#include "act/kernel.h"

struct rehearse {
	struct kernel *kernel;
	struct rehearse_fault fault;
	unsigned sent;
	bool greeted, answered;		/* .reply is there to be taken */
	bool dead, stuck;
	struct reply reply;
};

struct rehearse *rehearse_make(const struct system *system,
			       const struct rehearse_fault *fault,
			       struct arena *arena)
{
	struct rehearse *rehearse = arena_alloc(arena, sizeof *rehearse);

	rehearse->kernel = kernel_make(system, arena);
	if (fault)
		rehearse->fault = *fault;
	return rehearse;
}

static struct reply failed(enum phase phase, int errnum)
{
	return (struct reply){ .kind = REPLY_FAILED, .phase = phase,
			       .errnum = errnum };
}

static struct reply stuck(void)
{
	return (struct reply){ .kind = REPLY_STUCK, .pid = 1,
			       .detail = "vfio_unregister_group_dev" };
}

static bool holds(const struct rehearse *rehearse, const struct expect *expect,
		  struct reply *reply)
{
	return kernel_look(rehearse->kernel, expect, reply->detail,
			   sizeof reply->detail);
}

static int write_it(struct rehearse *rehearse, const struct step *step)
{
	return kernel_write(rehearse->kernel, step->path, step->value);
}

/* What goes wrong this time; true when it replaces the write. */
static bool spoil(struct rehearse *rehearse, const struct step *step,
		  struct reply *reply)
{
	const struct rehearse_fault *fault = &rehearse->fault;

	if (!fault->kind || rehearse->sent != fault->at)
		return false;
	switch (fault->kind) {
	case FAULT_ERRNO:
		*reply = failed(step->kind == STEP_RUN ? PHASE_RUN :
							 PHASE_WRITE,
				fault->errnum);
		return true;
	case FAULT_DRIVER:
		if (step->device != NONE)
			kernel_put_driver(rehearse->kernel, step->device,
					  fault->driver);
		return true;
	case FAULT_VANISH:
		if (step->device != NONE)
			kernel_unplug(rehearse->kernel, step->device);
		break;
	case FAULT_STUCK:
		*reply = stuck();
		return true;
	case FAULT_OOPS:
		*reply = (struct reply){ .kind = REPLY_STUCK };
		return true;
	case FAULT_EXCHANGE:
	case FAULT_GROW:
		break;
	case FAULT_DEATH:
		rehearse->dead = true;
		return true;
	case FAULT_NONE:
		break;
	}
	return false;
}

static struct reply run_it(struct rehearse *rehearse, const struct step *step)
{
	struct reply reply = { .kind = REPLY_DONE };
	int status = kernel_run(rehearse->kernel, step->argv);

	if (status) {
		reply = failed(PHASE_RUN, 0);
		snprintf(reply.detail, sizeof reply.detail, "%d", status);
	}
	return reply;
}

static struct reply change(struct rehearse *rehearse, const struct step *step)
{
	struct reply reply = { .kind = REPLY_DONE };

	if (spoil(rehearse, step, &reply))
		return reply;
	if (step->kind == STEP_RUN)
		return run_it(rehearse, step);
	if (step->kind == STEP_FILE) {
		int error = kernel_file(rehearse->kernel, step);
		if (error)
			return failed(PHASE_WRITE, error);
	}
	if (step->kind == STEP_WRITE) {
		int answer = write_it(rehearse, step);
		if (answer == KERNEL_BLOCKS)
			return stuck();
		if (answer)
			return failed(PHASE_WRITE, answer);
	}
	return reply;
}

/* Whether the step's device is what it was, in the group it was in. */
static bool is_itself(const struct rehearse *rehearse, const struct step *step,
		      struct reply *reply)
{
	const struct rehearse_fault *fault = &rehearse->fault;
	bool now = fault->at <= rehearse->sent;
	char address[BDF_TEXT], text[SELF_TEXT];
	struct self self;

	if (!step->self || !*step->self)
		return true;
	if (!self_address(step, address) ||
	    !kernel_self(rehearse->kernel, address, self_is_alone(step->self),
			 &self))
		return false;
	if (fault->kind == FAULT_EXCHANGE && now)
		self.device++;
	if (fault->kind == FAULT_GROW && now)
		self_member(&self, "0000:7f:00.0");
	snprintf(reply->detail, sizeof reply->detail, "%s",
		 self_print(&self, text));
	return strcmp(reply->detail, step->self) == 0;
}

static struct reply perform(struct rehearse *rehearse, const struct step *step)
{
	struct reply reply = { .kind = REPLY_KEPT };

	if (step->ensure && step->expect.kind != EXPECT_NOTHING &&
	    holds(rehearse, &step->expect, &reply)) {
		reply.detail[0] = '\0';
		return reply;
	}
	reply = failed(PHASE_SELF, 0);
	if (!is_itself(rehearse, step, &reply))
		return reply;
	reply = failed(PHASE_BEFORE, 0);
	if (!holds(rehearse, &step->before, &reply))
		return reply;
	reply = change(rehearse, step);
	if (reply.kind != REPLY_DONE || rehearse->dead)
		return reply;
	struct reply unseen = failed(PHASE_EXPECT, 0);
	if (!holds(rehearse, &step->expect, &unseen))
		return unseen;
	return reply;
}

static bool rehearse_send(void *self, const struct step *step)
{
	struct rehearse *rehearse = self;

	if (rehearse->dead || rehearse->stuck || rehearse->answered)
		return false;
	rehearse->reply = perform(rehearse, step);
	rehearse->sent++;
	rehearse->answered = !rehearse->dead;
	rehearse->stuck = rehearse->reply.kind == REPLY_STUCK;
	return true;
}

static enum taken rehearse_take(void *self, struct reply *reply)
{
	struct rehearse *rehearse = self;

	if (rehearse->dead)
		return TAKEN_END;
	if (!rehearse->greeted) {
		rehearse->greeted = true;
		*reply = (struct reply){ .kind = REPLY_READY };
		return TAKEN_REPLY;
	}
	if (!rehearse->answered)
		return TAKEN_NOTHING;
	rehearse->answered = false;
	*reply = rehearse->reply;
	return TAKEN_REPLY;
}

static int rehearse_fd(const void *self)
{
	(void)self;
	return -1;
}

static const char *rehearse_last_words(const void *self)
{
	(void)self;
	return "";
}

static void rehearse_close(void *self)
{
	(void)self;
}

struct backend rehearse_backend(struct rehearse *rehearse)
{
	return (struct backend){
		.self = rehearse,
		.send = rehearse_send,
		.take = rehearse_take,
		.fd = rehearse_fd,
		.last_words = rehearse_last_words,
		.close = rehearse_close,
	};
}

void rehearse_disturb(struct rehearse *rehearse, int device, const char *driver)
{
	kernel_put_driver(rehearse->kernel, device, driver);
}

const struct system *rehearse_result(const struct rehearse *rehearse,
				     struct arena *arena)
{
	return kernel_result(rehearse->kernel, arena);
}
