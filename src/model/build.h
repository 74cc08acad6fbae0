// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_BUILD_H
#define MODEL_BUILD_H

#include "model/system.h"

/*
 * A system in the making.  Readers add to it in any order; build_freeze
 * sorts, links and hands out the finished thing.
 */
struct builder {
	struct system *system;		/* host, vfio, usage: filled in place */
	size_t device_room, group_room, unit_room, driver_room, card_room,
		connector_room, framebuffer_room, vtconsole_room, bootfb_room,
		problem_room;
};

/* Start in @arena, which is to live as long as the result. */
void build_start(struct builder *builder, struct arena *arena);

/* Add one thing and return where to fill it; valid until the next of its
 * kind is added. */
struct device *build_device(struct builder *builder, struct bdf address);
struct group *build_group(struct builder *builder, unsigned number);
struct unit *build_unit(struct builder *builder, const char *name);
struct driver *build_driver(struct builder *builder, const char *name);
struct card *build_card(struct builder *builder, const char *name);
struct connector *build_connector(struct builder *builder);
struct framebuffer *build_framebuffer(struct builder *builder);
struct vtconsole *build_vtconsole(struct builder *builder);
struct bootfb *build_bootfb(struct builder *builder);
void build_problem(struct builder *builder, const char *path, int errnum);

/*
 * Sort devices, groups, units and drivers.  Call when all devices are in and
 * before any reader that wants device indices; harmless when called twice.
 */
void build_sort(struct builder *builder);

/*
 * Link parents (by path where told, else by bus numbers), children, group
 * members, units' devices, drivers and interrupts' devices, and return the
 * finished system.
 */
const struct system *build_freeze(struct builder *builder);

#endif
