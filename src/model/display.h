// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_DISPLAY_H
#define MODEL_DISPLAY_H

#include "model/system.h"

/*
 * What a GPU is to its host: whose screens it draws, what for processes hold
 * it, how two GPUs of a laptop share one panel.  Indices are into
 * system->devices.
 */

/* Whether it is the display of a board's management controller (BMC), whose
 * picture is the remote console. */
bool display_is_bmc(const struct device *device);

/* Whether a connector leads to a built-in panel: eDP, LVDS, DSI. */
bool display_is_panel(const struct connector *connector);

/* Return its memory as the host sees it: the largest prefetchable memory BAR,
 * else the largest; NULL when there is none. */
const struct bar *display_memory(const struct device *device);

/*
 * Whether the text console is drawn by it: the first framebuffer is on it,
 * and a console of framebuffers is in use.  KNOWN: it is; ABSENT: it is not;
 * else what stood against knowing it.  *fb and *console get which (may be
 * NULL), *console also where its state is what could not be read.
 */
enum known display_draws_console(const struct system *system, int device,
				 const struct framebuffer **fb,
				 const struct vtconsole **console);

/* Return the firmware's framebuffer on it that stands as a device, or NULL.
 * A kernel before 6.9 does not say where it lies. */
const struct sysfb *display_sysfb(const struct system *system, int device);

/* What a process does with a device that it holds. */
enum holding_kind {
	HOLDING_DRAWS,		/* it is master of the card: the compositor */
	HOLDING_READY,		/* the same where no screen is lit: compositors
				 * open every card */
	HOLDING_CLIENT,		/* it opened the card, and another is master */
	HOLDING_MAY_DRAW,	/* it opened the card; who is master is unknown */
	HOLDING_COMPUTES,	/* CUDA, ROCm */
	HOLDING_RENDERS,	/* the render node only, of a GPU that lights a
				 * screen: what draws there shows it */
	HOLDING_OFFLOADS,	/* the same of one that lights none: another GPU
				 * shows its pictures (PRIME), or none does */
	HOLDING_SOUND, HOLDING_WIRE,	/* /dev/snd, /dev/i2c-* */
	HOLDING_GUEST,		/* a virtual machine, through vfio */
	HOLDING_OTHER,
};

struct holding {
	uint32_t pid;
	const char *command;
	enum holding_kind kind;
};

/* Word of the JSON: "draws", "client", "renders" … */
const char *holding_word(enum holding_kind kind);

/* Whether the process holds @device: by a node of it, or by one of all GPUs
 * of its driver where it holds none of one alone. */
bool display_is_held(const struct system *system, const struct holder *holder,
		     int device);

/* What the holder at @index of usage->holders does with @device (NONE: with
 * none in particular), all that the process holds taken together. */
enum holding_kind display_holding(const struct system *system, unsigned index,
				  int device);

/* Processes that hold @device, each once, those that draw first.  Fills @out
 * and returns how many; at most @room. */
unsigned display_holdings(const struct system *system, int device,
			  struct holding *out, unsigned room);

/* How two GPUs of a laptop share its panel; others, in a box of their own or
 * beside them, do not.  A desktop's do not either, whatever its screen hangs on. */
enum hybrid_kind {
	HYBRID_NONE,		/* no laptop, no panel, or one GPU */
	HYBRID_MUXLESS,		/* one GPU is wired to it; pictures of the other
				 * go through that one's memory */
	HYBRID_MUXED,		/* a switch wires it to either */
	HYBRID_UNKNOWN,		/* two GPUs and a panel; the wires of one could
				 * not be seen */
};

struct hybrid {
	enum hybrid_kind kind;
	int panel;		/* GPU that the panel hangs on now; NONE */
	int other;		/* the other one; NONE */
	bool by_switch;		/* vga_switcheroo tells it */
	bool off;		/* the other one is powered down */
};

/* Word of the JSON: "muxless", "muxed", "unknown"; "" for NONE. */
const char *hybrid_word(enum hybrid_kind kind);

struct hybrid display_hybrid(const struct system *system);

#endif
