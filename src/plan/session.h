// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_SESSION_H
#define PLAN_SESSION_H

#include "plan/past.h"

/*
 * A session: a named set of devices with a target each, that is started and
 * ended as one.  A device is known by what it is and where it sits, not by
 * its address alone, which changes when a card is added.
 */
struct session_device {
	struct bdf address;	/* when it was saved */
	const char *path;	/* where it sits: "0000:00/01.0/00.0", the slots
				 * on the way down; "" not known */
	uint32_t class;		/* 24 bits */
	uint16_t vendor, device, subvendor, subdevice;
	bool has_serial;
	uint64_t serial;	/* PCIe device serial number */
	const char *target;	/* driver; "": none */
};

struct session {
	const char *name;	/* letters, digits, - _ . */
	const char *file;	/* "" not saved */
	const char *problem;	/* why the file is no session; "": it is one */
	const struct session_device *devices;
	unsigned device_count;
	const char *const *services;	/* to stop: "gdm.service" */
	unsigned service_count;
	bool consoles;		/* detach the frame buffer's consoles */
	unsigned wait_s;	/* seconds to wait for holders */
	bool unload;		/* unload modules in place of unbinding */
};

struct sessions {
	const struct session *items;	/* by name */
	unsigned count;
};

enum { SESSION_NAME = 64, SESSION_WAIT_MOST = 300 };

/* Whether a session may be called so. */
bool session_is_name(const char *name);

/* Whether it is the full name of a service of systemd's. */
bool session_is_service(const char *name);

const struct session *session_named(const struct sessions *sessions,
				    const char *name);

/* What became of a device since the session was saved. */
enum found_kind {
	FOUND_HERE,
	FOUND_MOVED,		/* it has another address now */
	FOUND_EXCHANGED,	/* something else sits there */
	FOUND_MISSING,
	FOUND_TWICE,		/* several could be meant */
	FOUND_UNKNOWN,		/* what sits there could not be read */
	FOUND_UNPROVEN,		/* one elsewhere is like it, but its serial
				 * number could not be read */
};

struct found {
	enum found_kind kind;
	int device;		/* HERE, MOVED: it; EXCHANGED: what sits there;
				 * UNPROVEN: what is like it; else NONE */
};

struct found session_find(const struct session_device *device,
			  const struct system *system);

/* Return what was found as a sentence, "" for HERE. */
const char *session_say(const struct session_device *device,
			struct found found, const struct system *system,
			struct arena *arena);

enum session_state {
	SESSION_ENDED,		/* no device is at its target */
	SESSION_PARTLY,
	SESSION_STARTED,	/* every device is */
	SESSION_ASTRAY,		/* a device is missing or another one */
	SESSION_UNKNOWN,
};

enum session_state session_state(const struct session *session,
				 const struct system *system);

/* Whether a device of it has the driver that the start gives it to. */
bool session_is_at_target(const struct session_device *saved,
			  const struct device *device);

/* "started", "ended"…: for JSON, and for a person, not translated yet. */
const char *session_word(enum session_state state);
const char *session_title(enum session_state state);

/*
 * Make a session of @devices of @system with all endpoints of their groups.
 * @target NULL: the vfio driver that a device has, else vfio-pci.  False with
 * *err when the name will not do, or nothing is left.  In @arena.
 */
bool session_make(const char *name, const struct system *system,
		  const struct bdf *devices, unsigned count,
		  const char *target, struct arena *arena,
		  struct session *session, struct err *err);

/* Fill @intent so that its plan starts the session.  False with *err when a
 * device is missing or another one.  In @arena and @session. */
bool session_start(const struct session *session, const struct system *system,
		   struct arena *arena, struct intent *intent,
		   struct err *err);

/*
 * Fill @intent so that its plan ends it: devices go back to where @past (its
 * start; may be NULL) or @homes say, and what it stopped is started.  What no
 * start changed stays as it is, where there was one; and what it gave to a
 * driver of the host's goes back to what it was.  Devices that are missing are
 * left out.
 */
bool session_end(const struct session *session, const struct system *system,
		 const struct past *past, const struct home *homes,
		 unsigned home_count, struct arena *arena,
		 struct intent *intent, struct err *err);

#endif
