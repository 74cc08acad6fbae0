// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_INTENT_H
#define MODEL_INTENT_H

#include <stdbool.h>

#include "model/bdf.h"

/* What a person wants done, before any thought of how. */
enum intent_kind {
	INTENT_NONE,
	INTENT_BIND,		/* give the devices to .driver, or to .targets */
	INTENT_RESTORE,		/* give them back to the host's own driver */
	INTENT_UNBIND,		/* leave them without a driver */
	INTENT_LOAD,		/* load the module .driver */
	INTENT_KEEP,		/* write down what they are now, so that they
				 * are it after a restart too */
	INTENT_EDIT,		/* change the kernel's command line: .edit */
	INTENT_UNDO,		/* put them back as .homes say, whatever that is,
				 * and nothing else of their groups */
	INTENT_VFS,		/* make .count virtual functions of the device,
				 * or remove them (0) */
	INTENT_RESET,		/* reset the devices, each by itself */
	INTENT_POWER,		/* let the devices sleep when idle, or keep them
				 * awake: .power */
	INTENT_CREATE,		/* make a mediated device */
	INTENT_REMOVE,		/* remove one */
	INTENT_COUNT
};

/* Whether drivers take the VFs that are made. */
enum autoprobe { AUTOPROBE_KEEP, AUTOPROBE_ON, AUTOPROBE_OFF };

/* What drove a device before it was given away, as the journal remembers. */
struct home {
	struct bdf address;
	const char *driver;		/* "" when it had none */
	const char *override;		/* driver_override that stood there, ""
					 * for none; NULL: not told, none */
};

/* What one device goes to, where they differ. */
struct target {
	struct bdf address;
	const char *driver;		/* "": none */
	const char *note;		/* for the person, or "" */
};

/* One change of the kernel's command line, for the boot loader at hand: a
 * line of a file and a command behind it, or a command alone. */
struct edit {
	const char *parameter;
	bool remove;			/* it is taken away */
	const char *file;		/* NULL: the command does it all */
	const char *before, *after;	/* the line */
	const char *command[4];		/* words, NULL-ended */
	const char *undo[4];		/* where there is no file */
};

struct step;

/* What is done along with the devices. */
struct company {
	const char *session;		/* whose name the journal keeps; NULL */
	bool ends;			/* …and whether it is its end */
	const char *const *services;	/* to stop first, those that run */
	unsigned service_count;
	bool consoles;			/* detach the frame buffer's consoles */
	unsigned wait_s;		/* for holders of nodes to go; 0: not */
	bool unload;			/* modules that let go by being unloaded
					 * are, in place of an unbind */
	const struct step *first;	/* done before the devices, in order */
	unsigned first_count;
	const struct step *after;	/* done behind them */
	unsigned after_count;
	unsigned undoes;		/* number in the history of the action
					 * that this takes back; 0: none */
	const char *undoes_in;		/* folder of that history; NULL or "":
					 * where this is written */
};

struct intent {
	enum intent_kind kind;
	const char *title;		/* of the plan; NULL: by what is done */
	const char *driver;		/* vfio-pci unless said */
	const struct bdf *devices;	/* named by the person */
	unsigned device_count;
	const struct target *targets;	/* of BIND */
	unsigned target_count;
	const struct home *homes;	/* of RESTORE; a device that is not
					 * among them gets what the kernel
					 * chooses.  Of UNDO: all of them */
	unsigned home_count;
	const struct company *company;	/* NULL: nothing else is done */
	unsigned count;			/* of VFS */
	enum autoprobe autoprobe;	/* of VFS */
	const char *power;		/* of POWER: on, auto */
	const char *parent, *type;	/* of CREATE: a name or an address; an
					 * id */
	const char *uuid;		/* of CREATE, REMOVE: small letters */
	const struct edit *edit;	/* of EDIT */
};

#endif
