// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host would lose: for devices, sets of them, bridges and plans, and
 * what is said where a source is missing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/scenes.h"
#include "model/usb.h"
#include "view/loss.h"

static struct arena arena;

static int device_at(const struct scene *scene, const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	int device = system_device(scene->system, address);
	assert_int_not_equal(device, NONE);
	return device;
}

/* The losses of the devices in @words ("01:00.0 01:00.1"), of the scene
 * @name with @edits. */
static struct losses lose(const char *name, const char *edits,
			  const char *words)
{
	struct scene scene = made_scene(&arena, name);
	int devices[8];
	unsigned count = 0;

	alter((struct system *)(uintptr_t)scene.system, edits);
	for (char *word = strtok(arena_text(&arena, words), " "); word;
	     word = strtok(NULL, " "))
		devices[count++] = device_at(&scene, word);
	return loss_of(&scene, devices, count, &arena);
}

static const struct loss *find(const struct losses *losses, const char *part)
{
	for (unsigned i = 0; i < losses->count; i++)
		if (strstr(losses->items[i].text, part))
			return &losses->items[i];
	return NULL;
}

static const struct {
	const char *scene, *edits, *devices;
	const char *says;	/* part of a text; NULL: nothing is lost */
	enum loss_weight weight;
} cases[] = {
	{ "busy", "", "02:00.0",
	  "the running system: / (ext4 on vg0-root, luks-x (LUKS), nvme0n1p2)",
	  LOSS_GRAVE },
	{ "busy", "", "02:00.0", "swap on nvme0n1p3", LOSS_GRAVE },
	{ "busy", "mount 02:00.0 nvme0n1p4 /games ntfs3", "02:00.0",
	  "the file system at /games (ntfs3 on nvme0n1p4)", LOSS_GRAVE },
	{ "desktop", "disk 02:00.0 nvme0n1 2000398934016 S6 Samsung; storage ?",
	  "02:00.0", "perhaps file systems", LOSS_UNKNOWN },
	{ "desktop", "stack 02:00.0 dm-7", "02:00.0",
	  "the volume vg0-data on sda2 (not mounted)", LOSS_GRAVE },
	{ "desktop", "stack ?", "02:00.0", "perhaps a part of a volume",
	  LOSS_UNKNOWN },
	{ "desktop", "elsewhere ?", "02:00.0",
	  "perhaps file systems of containers", LOSS_UNKNOWN },
	{ "desktop", "elsewhere 02:00.0 /", "02:00.0",
	  "the file system at / (ext4 on sda1), as process 4711 sees it",
	  LOSS_GRAVE },
	{ "busy", "", "03:00.0",
	  "the host's way to the network, eth0 (up, 10.0.2.15)", LOSS_GRAVE },
	{ "busy", "iface 01:00.1 wlan0 up 10.0.3.1 default", "03:00.0",
	  "one way to the network, eth0 (up, 10.0.2.15), while wlan0 stays",
	  LOSS_FELT },
	{ "busy", "iface 01:00.1 wlan0 up 10.0.3.1 default", "03:00.0 01:00.1",
	  "the host's way to the network, wlan0", LOSS_GRAVE },
	{ "busy", "iface 01:00.1 eth1 down -", "01:00.1",
	  "the network interface eth1 (down)", LOSS_HARMLESS },
	{ "desktop", "dev 02:00.0 class 0x020000; net ?", "02:00.0",
	  "perhaps the network", LOSS_UNKNOWN },
	{ "desktop", "net 02:00.0 up 1; session ssh", "02:00.0",
	  "this very connection, by eth0", LOSS_GRAVE },
	{ "desktop", "terminal 00:14.0 ttyUSB0", "00:14.0",
	  "this very terminal, ttyUSB0", LOSS_GRAVE },
	{ "busy", "", "00:14.0",
	  "the only keyboard, Logitech K120 at USB port 1-1 (front)",
	  LOSS_GRAVE },
	{ "busy", "keys - serio0 AT", "00:14.0", "(only an old port stays",
	  LOSS_FELT },
	{ "busy", "keys - serio0 AT; host chassis 10", "00:14.0",
	  "(another stays)", LOSS_FELT },
	{ "busy", "keys far x K380", "00:14.0",
	  "perhaps the keyboard K380 (nothing tells by which", LOSS_UNKNOWN },
	{ "busy", "keys far x K380", "00:14.0",
	  "Logitech K120 at USB port 1-1 (front) (whether another stays",
	  LOSS_GRAVE },
	{ "desktop", "keys far x K380; keyboard 00:14.0; "
	  "gear 02:00.0 bluetooth hci1", "00:14.0", "(another stays)",
	  LOSS_FELT },
	{ "busy", "keys 01:00.1 usb9/9-1 Other", "00:14.0",
	  "Logitech K120 at USB port 1-1 (front) (another stays)", LOSS_FELT },
	{ "busy", "keys 01:00.1 usb9/9-1 Other", "00:14.0 01:00.1",
	  "the only keyboard, Logitech K120", LOSS_GRAVE },
	{ "busy", "", "00:14.0", "AX211 (Bluetooth) at USB port 1-3",
	  LOSS_FELT },
	{ "busy", "", "00:14.0", "Bluetooth (hci0)", LOSS_FELT },
	{ "desktop", "usbhub 00:14.0 usb1 4", "00:14.0",
	  "4 USB ports with nothing in them", LOSS_HARMLESS },
	{ "desktop", "keyboard ?", "00:14.0", "perhaps a keyboard",
	  LOSS_UNKNOWN },
	{ "busy", "", "00:1f.0", "the TPM (tpm0), and what it unlocks",
	  LOSS_GRAVE },
	{ "busy", "", "01:00.1", "the sound of mpv (912) on NVidia",
	  LOSS_FELT },
	{ "one-gpu", "", "01:00.1", "the sound card HDMI (silent now)",
	  LOSS_HARMLESS },
	{ "one-gpu", "unread sounds", "01:00.1",
	  "the sound card HDMI (whether it plays is not known)",
	  LOSS_UNKNOWN },
	{ "busy", "", "01:00.0", "the lit screen LG on HDMI-A-1 (another stays)",
	  LOSS_FELT },
	{ "busy", "", "01:00.0 00:02.0",
	  "the lit screen LG on HDMI-A-1 (no other is left)", LOSS_GRAVE },
	{ "twins", "", "02:00.0", "the screen LG on HDMI-A-1 (dark now)",
	  LOSS_HARMLESS },
	{ "muxless", "", "01:00.0", "a GPU without a screen", LOSS_HARMLESS },
	{ "desktop", "net 02:00.0 up 0; netby 02:00.0 /srv", "02:00.0",
	  "file systems that come over the network, at /srv", LOSS_GRAVE },
	{ "desktop", "net 02:00.0 up 0; netby ? /srv", "02:00.0",
	  "perhaps the file system at /srv, which comes over the network "
	  "(nfs4)", LOSS_UNKNOWN },
	{ "desktop", "net 02:00.0 up 0; netroot nfs4; netby 02:00.0 /",
	  "02:00.0", "what the host runs from, which comes over the network "
	  "(/ nfs4)", LOSS_GRAVE },
	{ "desktop", "net 02:00.0 up 0; netroot ?", "02:00.0",
	  "perhaps what the host runs from: whether it comes over the network "
	  "is not known (these rights do not reach it; needs root)",
	  LOSS_UNKNOWN },
	{ "desktop", "display ?", "01:00.0", "a GPU, and perhaps a screen",
	  LOSS_UNKNOWN },
	{ "desktop", "holder ?", "01:00.0", "perhaps the work of processes",
	  LOSS_UNKNOWN },
	{ "one-gpu", "", "01:00.0", "the text console (fb0)", LOSS_FELT },
	{ "one-gpu", "", "01:00.0",
	  "what gnome-shell (1203) draws, the desktop itself", LOSS_FELT },
	{ "one-gpu", "", "01:00.0", "what firefox (2201) renders on it",
	  LOSS_FELT },
	{ "two-gpus", "hold 01:00.0 /dev/dri/card0 1203 gnome-shell master",
	  "01:00.0", "a card that gnome-shell (1203) keeps open for screens",
	  LOSS_FELT },
	{ "two-gpus", "", "01:00.0",
	  "what blender (2201) renders on it for another GPU's screen",
	  LOSS_FELT },
	{ "two-gpus", "hold - /dev/kfd 4410 python3", "01:00.0",
	  "what python3 (4410) computes on it", LOSS_FELT },
	{ "server", "", "17:00.0", "what python3 (4410) computes on it",
	  LOSS_FELT },
	{ "muxless", "", "00:02.0", "the light of the built-in panel",
	  LOSS_FELT },
	{ "server", "", "03:00.0", "the picture of the remote console",
	  LOSS_FELT },
	{ "sriov", "", "17:00.0", "2 virtual functions of it", LOSS_FELT },
	{ "desktop", "", "00:1f.4", "a part of the platform, 00:1f.4",
	  LOSS_FELT },
	{ "desktop", "", "01:00.1",
	  "Audio 01:00.1 (snd_hda_intel; not seen in use)", LOSS_HARMLESS },
	/* A bridge stands for all below it. */
	{ "busy", "", "00:1b.0", "swap on nvme0n1p3", LOSS_GRAVE },
	{ "busy", "", "00:1b.0", "error reports of the port 00:1b.0",
	  LOSS_HARMLESS },
	/* What the host does not drive it cannot lose. */
	{ "gpus", "", "02:00.0", NULL, LOSS_HARMLESS },
	{ "off", "dev 00:14.0 driver -", "00:14.0", NULL, LOSS_HARMLESS },
};

static void each_loss_is_told_with_its_weight(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct losses losses = lose(cases[i].scene, cases[i].edits,
					    cases[i].devices);
		const struct loss *loss = cases[i].says ?
			find(&losses, cases[i].says) : NULL;
		if (!cases[i].says && (losses.count || losses.used))
			fail_msg("%s of %s: %s", cases[i].devices,
				 cases[i].scene, losses.items[0].text);
		if (cases[i].says && !loss)
			fail_msg("%s of %s: not told: %s; but: %s",
				 cases[i].devices, cases[i].scene,
				 cases[i].says,
				 loss_sentence(&losses, &arena));
		if (loss && loss->weight != cases[i].weight)
			fail_msg("%s: %s, not %s", loss->text,
				 loss_weight_word(loss->weight),
				 loss_weight_word(cases[i].weight));
		arena_free(&arena);
	}
}

static void the_gravest_is_told_first(void **state)
{
	struct losses losses = lose("busy", "", "01:00.0 01:00.1 02:00.0");

	(void)state;
	for (unsigned i = 1; i < losses.count; i++)
		assert_true(losses.items[i - 1].weight <=
			    losses.items[i].weight);
	arena_free(&arena);
}

static void what_two_disks_hold_is_told_once(void **state)
{
	static const char edits[] =
		"mount 02:00.0 md0 /data ext4 sda1;"
		"mount 00:14.0 md0 /data ext4 sdb1";
	struct losses both = lose("desktop", edits, "02:00.0 00:14.0");
	unsigned told = 0;

	(void)state;
	for (unsigned i = 0; i < both.count; i++)
		told += strstr(both.items[i].text, "/data") != NULL;
	assert_int_equal(told, 1);
	assert_null(find(&both, "in part"));
	struct losses one = lose("desktop", edits, "02:00.0");
	assert_non_null(find(&one, "in part: other disks of it stay"));
	arena_free(&arena);
}

static void a_disk_in_use_is_not_told_as_idle(void **state)
{
	struct losses losses = lose("busy", "", "02:00.0");

	(void)state;
	assert_null(find(&losses, "a disk that nothing is mounted from"));
	arena_free(&arena);
}

/* A plan that gives back takes nothing from the host. */
static void a_plan_says_what_it_takes(void **state)
{
	struct scene scene = made_scene(&arena, "busy");
	struct intent intent = { .kind = INTENT_BIND, .driver = "vfio-pci",
				 .device_count = 1 };
	struct bdf address;
	struct err err;

	(void)state;
	assert_true(bdf_parse("01:00.0", &address));
	intent.devices = &address;
	const struct plan *plan = plan_make(scene.system, &intent, &arena,
					    &err);
	assert_non_null(plan);
	struct losses losses = loss_of_plan(&scene, plan, &arena);
	assert_true(losses.used);
	assert_non_null(find(&losses, "the lit screen LG"));
	/* Its group goes with it. */
	assert_non_null(find(&losses, "the sound of mpv"));
	assert_non_null(strstr(loss_sentence(&losses, &arena),
			       "The host loses: "));
	intent.driver = "nouveau";
	plan = plan_make(scene.system, &intent, &arena, &err);
	if (plan) {
		losses = loss_of_plan(&scene, plan, &arena);
		assert_false(losses.used);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_loss_is_told_with_its_weight),
		cmocka_unit_test(the_gravest_is_told_first),
		cmocka_unit_test(what_two_disks_hold_is_told_once),
		cmocka_unit_test(a_disk_in_use_is_not_told_as_idle),
		cmocka_unit_test(a_plan_says_what_it_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
