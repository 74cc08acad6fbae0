// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A stranger tells the privileged writer what to do: whatever parses must
 * print again the same, and whatever is allowed must stay where it belongs.
 */
#include "fuzz.h"

#include <string.h>

#include "apply/allow.h"
#include "base/text.h"
#include "plan/wire.h"

/* No program but these, and no option that is not among its few. */
static void runs_in_place(const struct step *step)
{
	static const char *const programs[] = {
		"modprobe", "systemctl", "update-grub", "grub-mkconfig",
		"grub2-mkconfig", "proxmox-boot-tool", "mkinitcpio",
		"update-initramfs", "dracut", "grubby", "rpm-ostree",
	};
	static const char *const options[] = {
		"-b", "-o", "-P", "-u", "-f", "--update-kernel=ALL",
	};
	static const char *const heads[] = {
		"--args=", "--remove-args=", "--append-if-missing=",
		"--delete=",
	};
	bool known = false;

	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		known |= strcmp(step->argv[0], programs[i]) == 0;
	FUZZ_CHECK(known);
	for (unsigned w = 1; w < STEP_WORDS && step->argv[w]; w++) {
		bool good = *step->argv[w] != '-';
		for (size_t i = 0; i < sizeof options / sizeof *options; i++)
			good |= strcmp(step->argv[w], options[i]) == 0;
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			good |= text_starts(step->argv[w], heads[i]);
		FUZZ_CHECK(good && fuzz_is_safe(step->argv[w]));
	}
}

/* No file but these, and nothing in them that a shell would run. */
static void edits_in_place(const struct step *step)
{
	FUZZ_CHECK(text_starts(step->path, "/etc/modprobe.d/vfiotop-") ||
		   text_starts(step->path, "/etc/driverctl.d/") ||
		   strcmp(step->path, "/etc/default/grub") == 0 ||
		   strcmp(step->path, "/etc/kernel/cmdline") == 0);
	FUZZ_CHECK(!strstr(step->path, "/.") && !strstr(step->path, "//"));
	FUZZ_CHECK(fuzz_is_safe(step->path));
	FUZZ_CHECK(!strpbrk(step->value, "$`\\;&|<>(){}*?"));
}

static void stays_in_place(const struct step *step)
{
	if (step->kind == STEP_RUN)
		runs_in_place(step);
	if (step->kind == STEP_FILE)
		edits_in_place(step);
	if (step->kind != STEP_WRITE)
		return;
	FUZZ_CHECK(text_starts(step->path, "/sys/bus/") ||
		   text_starts(step->path, "/sys/class/vtconsole/"));
	FUZZ_CHECK(!strstr(step->path, "/.") && !strstr(step->path, "//"));
	FUZZ_CHECK(strlen(step->path) < 256 && strlen(step->value) < 64);
	FUZZ_CHECK(fuzz_is_safe(step->path) && fuzz_is_safe(step->value));
	if (allow_value_is_address(step))
		FUZZ_CHECK(allow_address(step->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	struct buf again = {0};
	struct step step;
	struct reply reply;
	const char *line = arena_copy(&arena, bytes, len);

	if (wire_parse_step(line, &arena, &step, NULL)) {
		struct step twin;
		wire_step(&again, &step);
		FUZZ_CHECK(wire_parse_step(buf_str(&again), &arena, &twin,
					   NULL));
		FUZZ_CHECK(strcmp(step.path, twin.path) == 0 &&
			   strcmp(step.value, twin.value) == 0);
		if (allow_step(&step, NULL))
			stays_in_place(&step);
	}
	const char *boot;
	if (wire_parse_order(line, &arena, &step, &boot, NULL)) {
		buf_reset(&again);
		wire_order(&again, &step, boot);
		FUZZ_CHECK(wire_parse_order(buf_str(&again), &arena, &step,
					    &boot, NULL));
		if (allow_step(&step, NULL))
			stays_in_place(&step);
	}
	wire_parse_reply(line, &reply);
	buf_free(&again);
	arena_free(&arena);
	return 0;
}
