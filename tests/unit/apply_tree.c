// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A tree of plain files that stands for the machine, and steps for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/apply_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/plant.h"

const char *in(struct tree *tree, const char *path)
{
	return arena_printf(&tree->arena, "%s%s", tree->root, path);
}

void make_folder(struct tree *tree, const char *path)
{
	char *full = arena_printf(&tree->arena, "%s%s", tree->root, path);

	for (char *at = full + strlen(tree->root) + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		mkdir(full, 0755);
		*at = '/';
	}
	assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
}

void make_file(struct tree *tree, const char *path, const char *text)
{
	int file = open(in(tree, path), O_WRONLY | O_CREAT | O_TRUNC, 0755);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
}

void make_link(struct tree *tree, const char *path, const char *to)
{
	unlink(in(tree, path));
	assert_int_equal(symlink(to, in(tree, path)), 0);
}

const char *read_file(struct tree *tree, const char *path)
{
	char text[512];
	int file = open(in(tree, path), O_RDONLY);

	if (file < 0)
		return "(absent)";
	ssize_t len = read(file, text, sizeof text - 1);
	close(file);
	assert_true(len >= 0);
	return arena_copy(&tree->arena, text, (size_t)len);
}

int set_up(void **state)
{
	struct tree *tree = test_calloc(1, sizeof *tree);
	const char *base = getenv("TMPDIR");
	char made[PATH_MAX];

	snprintf(made, sizeof made, "%s/vfiotop-apply-XXXXXX",
		 base ? base : "/tmp");
	assert_non_null(mkdtemp(made));
	assert_non_null(realpath(made, tree->root));
	make_folder(tree, REAL "/power");
	make_folder(tree, DEVICES);
	make_folder(tree, DRIVERS "nvidia");
	make_folder(tree, DRIVERS "vfio-pci");
	make_folder(tree, "/run");
	make_folder(tree, "/dev/vfio");
	make_folder(tree, "/sbin");
	make_folder(tree, "/etc");
	make_link(tree, DEVICES GPU,
		  "../../../devices/pci0000:00/" GPU);
	make_link(tree, REAL "/driver", "../../../bus/pci/drivers/nvidia");
	make_file(tree, REAL "/driver_override", "(null)\n");
	make_file(tree, REAL "/sriov_numvfs", "");
	make_file(tree, REAL "/reset", "");
	make_file(tree, REAL "/power/control", "");
	make_file(tree, DRIVERS "nvidia/unbind", "");
	make_file(tree, DRIVERS "vfio-pci/bind", "");
	make_file(tree, "/sys/bus/pci/drivers_probe", "");
	make_file(tree, "/etc/victim", "untouched");
	*state = tree;
	return 0;
}

int tear_down(void **state)
{
	struct tree *tree = *state;

	plant_remove(tree->root);
	arena_free(&tree->arena);
	test_free(tree);
	return 0;
}

struct writer writer_in(const struct tree *tree)
{
	return (struct writer){ .root = tree->root, .settle_ms = 0 };
}

struct step step_of(const char *path, const char *value)
{
	return (struct step){
		.kind = STEP_WRITE, .path = path, .value = value,
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_NOTHING, "", "" },
		.deadline_s = 1,
	};
}

struct reply done_in(struct tree *tree, const struct step *step)
{
	struct writer writer = writer_in(tree);
	struct reply reply;

	write_step(&writer, step, &reply);
	return reply;
}

void assert_failed(struct reply reply, enum phase phase, int errnum)
{
	assert_int_equal(reply.kind, REPLY_FAILED);
	assert_int_equal(reply.phase, phase);
	assert_int_equal(reply.errnum, errnum);
}
