// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_APPLY_TREE_H
#define TESTS_APPLY_TREE_H

#include <limits.h>

#include "apply/write.h"

/* A card, and a parent of mediated devices. */
#define GPU "0000:01:00.0"
#define DEVICES "/sys/bus/pci/devices/"
#define DRIVERS "/sys/bus/pci/drivers/"
#define REAL "/sys/devices/pci0000:00/" GPU
#define MTTY "/sys/class/mdev_bus/mtty"
#define CREATE "/mdev_supported_types/mtty-1/create"
#define UUID "01234567-89ab-cdef-0123-456789abcdef"

/* A tree of plain files that stands for a machine: a GPU on nvidia, vfio-pci
 * beside it, and /etc/victim, which is to stay "untouched". */
struct tree {
	struct arena arena;
	char root[PATH_MAX];
};

/* For cmocka, which hands it to each test. */
int set_up(void **state);
int tear_down(void **state);

/* Paths begin with '/'.  The whole path; the content, "(absent)" where there
 * is no such file.  Both are in the tree's arena. */
const char *in(struct tree *tree, const char *path);
const char *read_file(struct tree *tree, const char *path);

/* A folder is made with those above it; files and links need theirs. */
void make_folder(struct tree *tree, const char *path);
void make_file(struct tree *tree, const char *path, const char *text);
void make_link(struct tree *tree, const char *path, const char *to);

/* A writer in the tree; a step that writes and expects nothing; the answer to
 * a step. */
struct writer writer_in(const struct tree *tree);
struct step step_of(const char *path, const char *value);
struct reply done_in(struct tree *tree, const struct step *step);

void assert_failed(struct reply reply, enum phase phase, int errnum);

#endif
