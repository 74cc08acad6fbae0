// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a GPU is to its host.  It says what is; rules say what that means.
 *
 * Sources: drivers/gpu/vga/vga_switcheroo.c; Documentation/gpu/drm-uapi.rst
 * (primary and render nodes).
 */
#include "model/display.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/topo.h"

bool display_is_bmc(const struct device *device)
{
	return topo_is_display(device) &&
	       (device->vendor == 0x1a03 ||	/* ASPEED */
		(device->vendor == 0x102b &&	/* Matrox G200e family */
		 device->device >> 8 == 0x05) ||
		(device->vendor == 0x19e5 &&	/* Huawei iBMC */
		 device->device == 0x1711));
}

bool display_is_panel(const struct connector *connector)
{
	return text_starts(connector->name, "eDP") ||
	       text_starts(connector->name, "LVDS") ||
	       text_starts(connector->name, "DSI");
}

enum { BAR_IO = 0x100, BAR_PREFETCH = 0x2000, BAR_ROM = 6 };

const struct bar *display_memory(const struct device *device)
{
	const struct bar *best = NULL;

	for (unsigned i = 0; i < device->bar_count; i++) {
		const struct bar *bar = &device->bars[i];
		if (bar->flags & BAR_IO || bar->index == BAR_ROM)
			continue;
		uint64_t rank = bar->end - bar->start;
		uint64_t most = best ? best->end - best->start : 0;
		bool fetch = bar->flags & BAR_PREFETCH;
		bool best_fetch = best && best->flags & BAR_PREFETCH;
		if (!best || fetch > best_fetch ||
		    (fetch == best_fetch && rank > most))
			best = bar;
	}
	return best;
}

/* --- console --- */

static unsigned long number_of(const struct framebuffer *fb)
{
	return strtoul(fb->node + strcspn(fb->node, "0123456789"), NULL, 10);
}

/* The kernel draws the console on the first one unless told otherwise. */
static const struct framebuffer *first_framebuffer(const struct system *system)
{
	const struct framebuffer *first = NULL;

	for (unsigned i = 0; i < system->framebuffer_count; i++)
		if (!first ||
		    number_of(&system->framebuffers[i]) < number_of(first))
			first = &system->framebuffers[i];
	return first;
}

enum known display_draws_console(const struct system *system, int device,
				 const struct framebuffer **fb,
				 const struct vtconsole **console)
{
	const struct framebuffer *first = first_framebuffer(system);

	if (fb)
		*fb = first;
	if (console)
		*console = NULL;
	if (!first || first->device != device)
		return known_is_settled(system->display_known) ?
			       ABSENT : system->display_known;
	for (unsigned i = 0; i < system->vtconsole_count; i++) {
		const struct vtconsole *each = &system->vtconsoles[i];
		if (each->name.known != KNOWN ||
		    !strstr(each->name.value, "frame buffer"))
			continue;
		if (each->bound.known == KNOWN && !each->bound.value)
			continue;
		if (console)
			*console = each;
		return each->bound.known == ABSENT ? UNREAD :
						     each->bound.known;
	}
	return ABSENT;
}

const struct sysfb *display_sysfb(const struct system *system, int device)
{
	for (unsigned i = 0; i < system->sysfb_count; i++)
		if (system->sysfbs[i].device == device)
			return &system->sysfbs[i];
	return NULL;
}

/* --- processes --- */

const char *holding_word(enum holding_kind kind)
{
	static const char *const words[] = {
		[HOLDING_DRAWS] = "draws", [HOLDING_READY] = "ready",
		[HOLDING_CLIENT] = "client",
		[HOLDING_MAY_DRAW] = "may-draw",
		[HOLDING_COMPUTES] = "computes",
		[HOLDING_RENDERS] = "renders", [HOLDING_OFFLOADS] = "offloads",
		[HOLDING_SOUND] = "sound",
		[HOLDING_WIRE] = "wire", [HOLDING_GUEST] = "guest",
		[HOLDING_OTHER] = "holds",
	};

	return words[kind];
}

/* What a node alone says, most telling first: NVIDIA's own nodes stand for
 * no device, but tell what the process is at. */
static enum holding_kind kind_of_node(const struct usage *usage,
				      const struct holder *holder)
{
	static const struct {
		const char *prefix;
		enum holding_kind kind;
	} kinds[] = {
		{ "/dev/vfio/", HOLDING_GUEST },
		{ "/dev/dri/renderD", HOLDING_RENDERS },
		{ "/dev/nvidia-uvm", HOLDING_COMPUTES },
		{ "/dev/kfd", HOLDING_COMPUTES },
		{ "/dev/nvidia-modeset", HOLDING_MAY_DRAW },
		{ "/dev/snd/", HOLDING_SOUND }, { "/dev/i2c-", HOLDING_WIRE },
	};

	if (text_starts(holder->node, "/dev/dri/card") ||
	    text_starts(holder->node, "/dev/fb"))
		return holder->master ? HOLDING_DRAWS :
		       usage->masters_known == KNOWN ? HOLDING_CLIENT :
						       HOLDING_MAY_DRAW;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_starts(holder->node, kinds[i].prefix))
			return kinds[i].kind;
	return HOLDING_OTHER;
}

/* Where no screen is lit nobody draws on one: NVIDIA's libraries open its
 * modeset node even to render for another GPU. */
static enum holding_kind at_screen(const struct system *system, int device,
				   enum holding_kind kind)
{
	bool lit;

	if (device == NONE ||
	    topo_is_lit(system, device, &lit, NULL) != KNOWN || lit)
		return kind;
	if (kind == HOLDING_DRAWS)
		return HOLDING_READY;
	return kind == HOLDING_RENDERS || kind == HOLDING_MAY_DRAW ?
		       HOLDING_OFFLOADS : kind;
}

/* Which device a guest has that a kernel does not tell is not guessed. */
bool display_is_held(const struct system *system, const struct holder *holder,
		     int device)
{
	return holder->device == device ||
	       (strcmp(holder->node, HOLDER_VFIO) != 0 &&
		topo_may_hold(system, holder, device));
}

enum holding_kind display_holding(const struct system *system, unsigned index,
				  int device)
{
	const struct usage *usage = &system->usage;
	const struct holder *self = &usage->holders[index];
	enum holding_kind kind = kind_of_node(usage, self);

	/* Who only listens, or talks to a monitor, does not compute by it. */
	if (kind == HOLDING_SOUND || kind == HOLDING_WIRE)
		return kind;
	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *each = &usage->holders[i];
		if (each->pid != self->pid ||
		    (each->device != device && each->device != NONE))
			continue;
		enum holding_kind other = kind_of_node(usage, each);
		if (other < kind)
			kind = other;
	}
	return at_screen(system, device, kind);
}

unsigned display_holdings(const struct system *system, int device,
			  struct holding *out, unsigned room)
{
	const struct usage *usage = &system->usage;
	unsigned count = 0;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *each = &usage->holders[i];
		bool seen = !display_is_held(system, each, device);
		for (unsigned j = 0; j < count && !seen; j++)
			seen = out[j].pid == each->pid;
		if (seen || count == room)
			continue;
		struct holding holding = { each->pid, each->command,
					   display_holding(system, i, device) };
		unsigned at = count++;
		for (; at && out[at - 1].kind > holding.kind; at--)
			out[at] = out[at - 1];
		out[at] = holding;
	}
	return count;
}

/* --- two GPUs, one panel --- */

const char *hybrid_word(enum hybrid_kind kind)
{
	static const char *const words[] = {
		[HYBRID_NONE] = "", [HYBRID_MUXLESS] = "muxless",
		[HYBRID_MUXED] = "muxed", [HYBRID_UNKNOWN] = "unknown",
	};

	return words[kind];
}

/* What the connectors of a GPU tell of the panel. */
struct wires {
	bool seen;		/* its connectors were */
	bool panel, lit;
};

static struct wires wires_of(const struct system *system, int device)
{
	const struct device *self = &system->devices[device];
	struct wires wires = { .seen = self->class >> 8 == CLASS_3D };

	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device != device)
			continue;
		wires.seen = true;
		if (!display_is_panel(each))
			continue;
		wires.panel = true;
		wires.lit |= topo_is_connected(each);
	}
	for (unsigned i = 0; i < system->host.backlight_count; i++)
		if (system->host.backlights[i].device == device)
			wires.panel = wires.lit = true;
	return wires;
}

/* "1:DIS: :DynOff:0000:01:00.0": "Dyn" where the driver switches the power
 * and there is no other switch. */
static void ask_switch(const struct system *system, struct hybrid *hybrid)
{
	const struct host *host = &system->host;

	for (unsigned i = 0; i < host->switcheroo_count; i++) {
		const struct switcheroo *line = &host->switcheroos[i];
		if (strstr(line->text, "-Audio"))
			continue;
		if (line->device == hybrid->other)
			hybrid->off = strstr(line->text, "Off:") != NULL;
		if (strstr(line->text, ":DIS:") == NULL)
			continue;
		hybrid->by_switch = true;
		hybrid->kind = strstr(line->text, ":Dyn") ? HYBRID_MUXLESS :
							    HYBRID_MUXED;
	}
}

/* A GPU in a box of its own shares no panel. */
static bool is_plugged_in(const struct device *device)
{
	return device->removable.known == KNOWN &&
	       strcmp(device->removable.value, "removable") == 0;
}

enum { GPUS_MOST = 16 };

/* The GPUs that may share a panel, by address. */
struct bench {
	int device[GPUS_MOST];
	struct wires wires[GPUS_MOST];
	unsigned count;
	bool unseen;		/* what one is wired to was */
};

static void take_seats(const struct system *system, struct bench *bench)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		if (!topo_is_display(device) || display_is_bmc(device) ||
		    device->physfn != NONE || is_plugged_in(device) ||
		    bench->count == GPUS_MOST)
			continue;
		struct wires wires = wires_of(system, (int)i);
		bench->unseen |= !wires.seen;
		bench->device[bench->count] = (int)i;
		bench->wires[bench->count++] = wires;
	}
}

/* The one that vga_switcheroo calls @name, ":IGD:" or ":DIS:"; -1 for none. */
static int seat_by_switch(const struct system *system,
			  const struct bench *bench, const char *name)
{
	const struct host *host = &system->host;

	for (unsigned i = 0; i < host->switcheroo_count; i++)
		for (unsigned n = 0; n < bench->count; n++)
			if (strstr(host->switcheroos[i].text, name) &&
			    host->switcheroos[i].device == bench->device[n])
				return (int)n;
	return -1;
}

/* Whose the panel is: of the one that lights it, or is wired to it.  Where no
 * wire is seen, and a laptop has one somewhere, the switch may tell. */
static int seat_with_panel(const struct system *system,
			   const struct bench *bench)
{
	for (unsigned n = 0; n < bench->count; n++)
		if (bench->wires[n].lit)
			return (int)n;
	for (unsigned n = 0; n < bench->count; n++)
		if (bench->wires[n].panel)
			return (int)n;
	return seat_by_switch(system, bench, ":IGD:");
}

/* Who shares it: the one that the switch names, that has a wire to it too, or
 * that is built in before any further card. */
static int other_seat(const struct system *system, const struct bench *bench,
		      int panel)
{
	int switched = seat_by_switch(system, bench, ":DIS:");

	if (switched >= 0 && switched != panel)
		return switched;
	for (unsigned n = 0; n < bench->count; n++)
		if ((int)n != panel && bench->wires[n].panel)
			return (int)n;
	return panel == 0;
}

struct hybrid display_hybrid(const struct system *system)
{
	const struct hybrid none = { .panel = NONE, .other = NONE };
	enum known laptop = system_is_laptop(system);
	struct bench bench = { .count = 0 };

	take_seats(system, &bench);
	int panel = seat_with_panel(system, &bench);
	/* A card in a desktop is only a card, and a panel that nobody has seen
	 * is there in a laptop alone. */
	if (laptop == ABSENT || bench.count < 2 ||
	    (panel < 0 && (laptop != KNOWN || !bench.unseen)))
		return none;
	bool sure = panel >= 0;
	if (!sure)
		panel = seat_by_switch(system, &bench, ":DIS:") == 0;
	int other = other_seat(system, &bench, panel);
	struct hybrid hybrid = {
		.panel = bench.device[panel], .other = bench.device[other],
		.kind = bench.wires[other].panel	 ? HYBRID_MUXED :
			!sure || !bench.wires[other].seen ? HYBRID_UNKNOWN :
							    HYBRID_MUXLESS,
	};
	ask_switch(system, &hybrid);
	return hybrid;
}
