// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>

#include "model/diff.h"
#include "model/finding.h"
#include "plan/plan.h"
#include "view/loss.h"
#include "view/scene.h"
#include "view/topic.h"

/*
 * The machine as JSON, schema 1: fields are added, never changed.  What is
 * not known is null.  Each returns a new reference.
 */
json_t *json_devices(const struct scene *scene);
json_t *json_tree(const struct scene *scene);
json_t *json_groups(const struct scene *scene);
json_t *json_gpus(const struct scene *scene);
json_t *json_usb(const struct scene *scene);
json_t *json_storage(const struct scene *scene);
json_t *json_iommus(const struct scene *scene);
json_t *json_interrupts(const struct scene *scene);
json_t *json_vfio(const struct scene *scene);
/* Put into @whole what the view tells besides: nodes and who has them, groups,
 * extensions, parameters. */
void json_vfio_more(const struct scene *scene, json_t *whole);
json_t *json_holders(const struct scene *scene);
json_t *json_drift(const struct scene *scene);
json_t *json_vfs(const struct scene *scene);
json_t *json_mdev(const struct scene *scene);
json_t *json_uio(const struct scene *scene);
json_t *json_history(const struct scene *scene);
json_t *json_config(const struct scene *scene);
json_t *json_log(const struct scene *scene);
json_t *json_rules(void);
json_t *json_rule(const char *id);

/* The questions that topics answer; one topic, and what is so here. */
json_t *json_topics(void);
json_t *json_topic(const struct scene *scene, const struct topic *topic);

/* The steps from a device to its root, and whether each isolates. */
json_t *json_walk(const struct scene *scene, int device);

/* The findings chosen by @keep (NULL: all that stand for themselves), with
 * their verdict; @all adds passes and what is folded under a cause. */
json_t *json_check(const struct scene *scene, enum overall overall,
		   bool (*keep)(const struct finding *finding, void *data),
		   void *data, bool all);

/* A plan, and one step of it. */
json_t *json_plan(const struct scene *scene, const struct plan *plan);

/* The mediated devices that there are. */
json_t *json_mdev_items(const struct system *system);
/* Where a machine comes from. */
json_t *json_origin(const struct system *system);

/* What differs between scene->other and the scene. */
json_t *json_diff(const struct scene *scene, const struct diff *diff);
/* One device of a list; those who hold it (NONE: any). */
json_t *json_device(const struct scene *scene, unsigned index);
json_t *json_holding(const struct system *system, int device);

/* What the host would lose; the same with one device. */
json_t *json_losses(const struct system *system, const struct losses *losses);
json_t *json_loses_of(const struct scene *scene, int device);

/* A list under its name, with the schema. */
json_t *json_wrap(const char *name, json_t *list);

/* Print to standard output, with a newline; takes the reference. */
void json_print(json_t *json);

/* Small words used by several: an address, a fact. */
json_t *json_address(const struct system *system, int device);
json_t *json_text(struct fact_text text);
json_t *json_num(struct fact_num num);
json_t *json_hex(uint64_t value, int digits);
const char *overall_word(enum overall overall);

#endif
