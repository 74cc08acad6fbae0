// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_INTENT_H
#define MODEL_INTENT_H

#include "model/bdf.h"

/* What a person wants done, before any thought of how. */
enum intent_kind {
	INTENT_NONE,
	INTENT_BIND,		/* give the devices to .driver */
	INTENT_RESTORE,		/* give them back to the host's own driver */
	INTENT_UNBIND,		/* leave them without a driver */
	INTENT_LOAD,		/* load the module .driver */
};

/* What drove a device before it was given away, as the journal remembers. */
struct home {
	struct bdf address;
	const char *driver;		/* "" when it had none */
};

struct intent {
	enum intent_kind kind;
	const char *driver;		/* vfio-pci unless said */
	const struct bdf *devices;	/* named by the person */
	unsigned device_count;
	const struct home *homes;	/* of RESTORE; a device that is not
					 * among them gets what the kernel
					 * chooses */
	unsigned home_count;
};

#endif
