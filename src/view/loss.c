// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host would lose: who is asked about, and the network, sound and
 * the rest.  Screens, storage and USB are in files of their own.  It decides
 * nothing: what stands against a plan are its gates.
 */
#include "view/loss_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "view/label.h"

bool tally_takes(const struct tally *tally, int device)
{
	return device != NONE && tally->gone[device];
}

static bool has_host_driver(const struct device *device)
{
	return device->driver.known == KNOWN &&
	       !topo_is_vfio_driver(device->driver.value) &&
	       strcmp(device->driver.value, "pci-stub") != 0;
}

bool tally_uses(const struct tally *tally, int device)
{
	return tally_takes(tally, device) &&
	       has_host_driver(&tally->system->devices[device]);
}

void tally_add(struct tally *tally, const char *kind, enum loss_weight weight,
	       int device, const char *text)
{
	tally->items = arena_grow(tally->arena, tally->items, tally->count,
				  &tally->room, sizeof *tally->items);
	tally->items[tally->count++] =
		(struct loss){ kind, weight, device, text };
	tally->told[device] = true;
}

/* --- network --- */

static bool is_up(const struct interface *interface)
{
	return (interface->flags.known == KNOWN &&
		interface->flags.value & 1) ||
	       (interface->operstate.known == KNOWN &&
		strcmp(interface->operstate.value, "up") == 0);
}

/* Another interface with a default route, on no device that goes. */
static const struct interface *other_way(const struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	for (unsigned i = 0; i < usage->interface_count; i++)
		if (usage->interfaces[i].default_route &&
		    !tally_takes(tally, usage->interfaces[i].device))
			return &usage->interfaces[i];
	return NULL;
}

/* "eth0 (up, 10.0.2.15, to 10.0.2.0/24, carries br0)" */
static const char *describe(struct tally *tally,
			    const struct interface *interface)
{
	const char *text = TELL("%s (%s", interface->name,
				is_up(interface) ? _("up") : _("down"));

	if (interface->addresses.known == KNOWN)
		text = TELL("%s, %s", text, interface->addresses.value);
	if (interface->routes.known == KNOWN)
		text = TELL(_("%s, leads to %s"), text,
			    interface->routes.value);
	if (interface->uppers.known == KNOWN)
		text = TELL(_("%s, carries %s"), text,
			    interface->uppers.value);
	return TELL("%s)", text);
}

/* What else is mounted over the network. */
static void tell_far_files(struct tally *tally,
			   const struct interface *interface)
{
	const struct usage *usage = &tally->system->usage;
	const struct fact_text *mounts = &interface->mounts;

	if (mounts->known == KNOWN && strcmp(mounts->value, "/") != 0)
		tally_add(tally, "network-files", LOSS_GRAVE, interface->device,
			  TELL(_("file systems that come over the network, "
				 "at %s"), mounts->value));
	else if (mounts->known != KNOWN && usage->net_mount_count &&
		 mounts->known != ABSENT && is_up(interface) &&
		 usage->network_root.known != KNOWN)
		tally_add(tally, "network-files", LOSS_UNKNOWN,
			  interface->device,
			  TELL(_("perhaps the file system at %s, which comes "
				 "over the network (%s)"),
			       usage->net_mounts[0].what,
			       usage->net_mounts[0].type));
}

/* What the host runs from. */
static void tell_root(struct tally *tally, const struct interface *interface)
{
	const struct fact_text *root = &tally->system->usage.network_root;
	int device = interface->device;

	if (root->known == KNOWN && interface->root == KNOWN)
		tally_add(tally, "network-root", LOSS_GRAVE, device,
			  TELL(_("what the host runs from, which comes over "
				 "the network (%s)"), root->value));
	else if (root->known == KNOWN && interface->root != ABSENT &&
		 is_up(interface))
		tally_add(tally, "network-root", LOSS_GRAVE, device,
			  TELL(_("perhaps what the host runs from, which "
				 "comes over the network (%s)"),
			       root->value));
	else if (!known_is_settled(root->known) && is_up(interface))
		tally_add(tally, "network-root", LOSS_UNKNOWN, device,
			  TELL(_("perhaps what the host runs from: whether it "
				 "comes over the network is not known (%s)"),
			       known_why(root->known)));
}

static void tell_interface(struct tally *tally,
			   const struct interface *interface)
{
	const struct interface *other = other_way(tally);
	const char *text = describe(tally, interface);
	int device = interface->device;

	if (interface->session)
		tally_add(tally, "session", LOSS_GRAVE, device,
			  TELL(_("this very connection, by %s"),
			       interface->name));
	tell_root(tally, interface);
	tell_far_files(tally, interface);
	if (interface->default_route && other)
		tally_add(tally, "network", LOSS_FELT, device,
			  TELL(_("one way to the network, %s, while %s "
				 "stays"), text, other->name));
	else if (interface->default_route)
		tally_add(tally, "network", LOSS_GRAVE, device,
			  TELL(_("the host's way to the network, %s"), text));
	else
		tally_add(tally, "network",
			  is_up(interface) ? LOSS_FELT : LOSS_HARMLESS, device,
			  TELL(_("the network interface %s"), text));
}

static void loss_network(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	if (usage->terminal && *usage->terminal &&
	    tally_takes(tally, usage->terminal_device))
		tally_add(tally, "session", LOSS_GRAVE, usage->terminal_device,
			  TELL(_("this very terminal, %s"), usage->terminal));

	for (unsigned i = 0; i < usage->interface_count; i++)
		if (tally_takes(tally, usage->interfaces[i].device))
			tell_interface(tally, &usage->interfaces[i]);
	if (known_is_settled(usage->interfaces_known))
		return;
	for (unsigned i = 0; i < tally->system->device_count; i++)
		if (tally_uses(tally, (int)i) &&
		    tally->system->devices[i].class >> 16 == CLASS_NETWORK)
			tally_add(tally, "network", LOSS_UNKNOWN, (int)i,
				  TELL(_("perhaps the network (not known: "
					 "%s)"),
				       known_why(usage->interfaces_known)));
}

/* --- sound --- */

static const struct sound_use *stream_of(const struct usage *usage, int device)
{
	for (unsigned i = 0; i < usage->sound_count; i++)
		if (usage->sounds[i].device == device)
			return &usage->sounds[i];
	return NULL;
}

static const char *card_name(const struct sound_card *card)
{
	return card->id.known == KNOWN ? card->id.value : card->name;
}

/* The card of a stream: card0/pcm0p/sub0. */
static const char *stream_card(const struct usage *usage,
			       const struct sound_use *use)
{
	size_t len = strcspn(use->stream, "/");

	for (unsigned i = 0; i < usage->sound_card_count; i++)
		if (strlen(usage->sound_cards[i].name) == len &&
		    memcmp(usage->sound_cards[i].name, use->stream, len) == 0)
			return card_name(&usage->sound_cards[i]);
	return use->stream;
}

static const char *who_plays(struct tally *tally, const struct sound_use *use)
{
	return use->command && *use->command ?
		TELL("%s (%u)", use->command, use->pid) :
		TELL(_("process %u"), use->pid);
}

static void loss_sound(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	for (unsigned i = 0; i < usage->sound_count; i++) {
		const struct sound_use *use = &usage->sounds[i];
		if (tally_takes(tally, use->device))
			tally_add(tally, "sound", LOSS_FELT, use->device,
				  use->pid ?
				  TELL(_("the sound of %s on %s"),
				       who_plays(tally, use),
				       stream_card(usage, use)) :
				  TELL(_("the sound on %s, in use now"),
				       stream_card(usage, use)));
	}
	for (unsigned i = 0; i < usage->sound_card_count; i++) {
		const struct sound_card *card = &usage->sound_cards[i];
		if (!tally_takes(tally, card->device) ||
		    stream_of(usage, card->device))
			continue;
		bool known = known_is_settled(usage->sounds_known);
		tally_add(tally, "sound",
			  known ? LOSS_HARMLESS : LOSS_UNKNOWN, card->device,
			  known ? TELL(_("the sound card %s (silent now)"),
				       card_name(card)) :
				  TELL(_("the sound card %s (whether it plays "
					 "is not known)"), card_name(card)));
	}
}

/* --- the rest --- */

static const struct {
	const char *word, *text;	/* N_(), with the name in the class */
	enum loss_weight weight;
} gears[] = {
	[GEAR_BLUETOOTH] = { "bluetooth", N_("Bluetooth (%s)"), LOSS_FELT },
	[GEAR_TPM] = { "tpm", N_("the TPM (%s), and what it unlocks"),
		LOSS_GRAVE },
	[GEAR_WIRELESS] = { "wireless", N_("a wireless radio (%s)"),
		LOSS_FELT },
	[GEAR_CAMERA] = { "camera", N_("a camera or video input (%s)"),
		LOSS_FELT },
	[GEAR_WATCHDOG] = { "watchdog", N_("a watchdog (%s)"), LOSS_FELT },
	[GEAR_RDMA] = { "rdma", N_("an RDMA adapter (%s)"), LOSS_FELT },
	[GEAR_CARD_READER] = { "card-reader", N_("a card reader (%s)"),
		LOSS_HARMLESS },
	[GEAR_CLOCK] = { "clock", N_("a clock for the network's time (%s)"),
		LOSS_HARMLESS },
};

_Static_assert(sizeof gears / sizeof *gears == GEAR_COUNT,
	       "each kind has its words");

static void loss_gear(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	for (unsigned i = 0; i < usage->gear_count; i++) {
		const struct gear *each = &usage->gear[i];
		bool again = i && each[-1].kind == each->kind &&
			     each[-1].device == each->device;
		if (!again && tally_takes(tally, each->device))
			tally_add(tally, gears[each->kind].word,
				  gears[each->kind].weight, each->device,
				  TELL(_(gears[each->kind].text),
				       each->name));
	}
}

static void loss_functions(struct tally *tally)
{
	for (unsigned i = 0; i < tally->system->device_count; i++) {
		const struct device *device = &tally->system->devices[i];
		unsigned long count = (unsigned long)device->sriov_num.value;
		if (tally_takes(tally, (int)i) && count &&
		    device->sriov_num.known == KNOWN)
			tally_add(tally, "virtual-functions", LOSS_FELT,
				  (int)i,
				  TELL(P_("%lu virtual function of it",
					  "%lu virtual functions of it",
					  count), count));
	}
}

/* What nothing else was said of: that a driver had it. */
static void loss_rest(struct tally *tally)
{
	for (unsigned i = 0; i < tally->system->device_count; i++) {
		const struct device *device = &tally->system->devices[i];
		if (tally->told[i] || !tally_uses(tally, (int)i))
			continue;
		const char *name = label_address(device, tally->arena);
		if (topo_is_bridge(device))
			tally_add(tally, "port", LOSS_HARMLESS, (int)i,
				  TELL(_("hot-plug and error reports of the "
					 "port %s"), name));
		else if (topo_is_platform(device))
			tally_add(tally, "platform", LOSS_FELT, (int)i,
				  TELL(_("a part of the platform, %s (%s)"),
				       name, device->driver.value));
		else
			tally_add(tally, "device", LOSS_HARMLESS, (int)i,
				  TELL(_("%s %s (%s; not seen in use)"),
				       label_kind(device), name,
				       device->driver.value));
	}
}

/* --- who is asked about --- */

static void mark_below(const struct system *system, int device, bool *gone)
{
	gone[device] = true;
	for (int at = system->devices[device].first_child; at != NONE;
	     at = system->devices[at].next_sibling)
		if (!gone[at])
			mark_below(system, at, gone);
}

static int by_weight(const void *a, const void *b)
{
	const struct loss *const *x = a, *const *y = b;

	if ((*x)->weight != (*y)->weight)
		return (*x)->weight < (*y)->weight ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* Gravest first, else as they were told. */
static const struct loss *sorted(const struct tally *tally)
{
	const struct loss **order = arena_array(
		tally->arena, tally->count + 1u, sizeof *order);
	struct loss *items = arena_array(tally->arena, tally->count + 1u,
					 sizeof *items);

	for (unsigned i = 0; i < tally->count; i++)
		order[i] = &tally->items[i];
	if (tally->count)
		qsort(order, tally->count, sizeof *order, by_weight);
	for (unsigned i = 0; i < tally->count; i++)
		items[i] = *order[i];
	return items;
}

static void (*const kinds[])(struct tally *tally) = {
	loss_network, loss_storage, loss_screens, loss_processes, loss_input,
	loss_sound, loss_gear, loss_functions, loss_rest,
};

struct losses loss_of(const struct scene *scene, const int *devices,
		      unsigned count, struct arena *arena)
{
	const struct system *system = scene->system;
	bool *gone = arena_array(arena, system->device_count + 1u, sizeof *gone);
	struct tally tally = {
		.scene = scene, .system = system, .arena = arena,
		.gone = gone,
		.told = arena_array(arena, system->device_count + 1u,
				    sizeof *tally.told),
	};
	bool used = false;

	for (unsigned i = 0; i < count; i++)
		mark_below(system, devices[i], gone);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		kinds[i](&tally);
	for (unsigned i = 0; i < system->device_count; i++)
		used |= tally_uses(&tally, (int)i);
	return (struct losses){ sorted(&tally), tally.count, used };
}

struct losses loss_of_subject(const struct scene *scene,
			      struct subject subject, struct arena *arena)
{
	const struct system *system = scene->system;
	unsigned count = 0;

	if (subject.scope == SCOPE_DEVICE)
		return loss_of(scene, &subject.index, 1, arena);
	if (subject.scope != SCOPE_GROUP)
		return (struct losses){0};
	const struct group *group = &system->groups[subject.index];
	int *devices = arena_array(arena, group->member_count + 1u,
				   sizeof *devices);
	/* Its bridges stay with the host. */
	for (unsigned i = 0; i < group->member_count; i++)
		if (group->members[i].device != NONE &&
		    !topo_is_bridge(&system->devices[group->members[i].device]))
			devices[count++] = group->members[i].device;
	return loss_of(scene, devices, count, arena);
}

struct losses loss_of_plan(const struct scene *scene, const struct plan *plan,
			   struct arena *arena)
{
	int *devices = arena_array(arena, plan->change_count + 1u,
				   sizeof *devices);
	unsigned count = 0;

	/* What goes to a driver of the host stays with the host. */
	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		if (!change->left && change->to &&
		    (!*change->to || topo_is_vfio_driver(change->to) ||
		     strcmp(change->to, "pci-stub") == 0))
			devices[count++] = change->device;
	}
	return loss_of(scene, devices, count, arena);
}

const char *loss_sentence(const struct losses *losses, struct arena *arena)
{
	const char *text = "";

	if (!losses->count)
		return _("The host loses nothing: it does not use them.");
	for (unsigned i = 0; i < losses->count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? "; " : "",
				    losses->items[i].text);
	return arena_printf(arena, _("The host loses: %s."), text);
}

const char *loss_weight_word(enum loss_weight weight)
{
	static const char *const words[] = {
		[LOSS_GRAVE] = "grave", [LOSS_FELT] = "felt",
		[LOSS_UNKNOWN] = "unknown", [LOSS_HARMLESS] = "harmless",
	};

	return words[weight];
}

enum role loss_role(enum loss_weight weight)
{
	static const enum role roles[] = {
		[LOSS_GRAVE] = ROLE_BAD, [LOSS_FELT] = ROLE_WARN,
		[LOSS_UNKNOWN] = ROLE_UNKNOWN, [LOSS_HARMLESS] = ROLE_TEXT,
	};

	return roles[weight];
}
