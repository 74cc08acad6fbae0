// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_CLUE_H
#define RULE_CLUE_H

#include "model/system.h"
#include "model/topo.h"

/*
 * What several sources of one machine say together: a question that many
 * rules ask is answered here once.  In each answer KNOWN means yes, ABSENT no,
 * and the rest why it is not known.
 */
struct notes;

enum cpu_maker { MAKER_UNKNOWN, MAKER_INTEL, MAKER_AMD, MAKER_OTHER };

struct clues {
	enum known groups;	/* the kernel has made IOMMU groups */
	enum known guest;	/* this is a virtual machine */
	enum known dom0;	/* Xen runs below, and this is its control
				 * domain */
	enum known wsl;		/* Windows Subsystem for Linux */
	enum known x86, arm;
	enum cpu_maker maker;
	enum known remapped;	/* interrupts are remapped */
	unsigned kernel;	/* version: major * 1000 + minor; 0 unknown */
	bool acpi_off;		/* no ACPI table is read: nothing follows from
				 * the lack of one */
	struct shared shared;	/* topo_shared() of … */
	int shared_group;	/* … this group; NONE: of none yet */
	bool many_nodes;	/* devices hang on more than one NUMA node */
	const struct notes *notes;	/* log lines by device; rule_logged's */
};

void clues_gather(const struct system *system, struct clues *clues);

/* topo_shared() of a group, remembered: several rules ask it in turn. */
const struct shared *clues_shared(struct clues *clues,
				  const struct system *system, int group);

/* Whether @text holds @part; a '*' in @part stands for any text between. */
bool clue_line_has(const char *text, const char *part);

/*
 * Whether the kernel's log has a line with @part in it, as clue_line_has
 * compares.  ABSENT only where the log is there from its beginning.  *line
 * gets the first, else NULL; it may be NULL itself.
 */
enum known clue_logged(const struct system *system, const char *part,
		       const char **line);

/* The same for the first of several parts, NULL-ended. */
enum known clue_logged_any(const struct system *system,
			   const char *const *parts, const char **line);

/*
 * Whether the firmware has an ACPI table of that name: by the directory of
 * tables, else by the log.  Not known with acpi=off, and in a container,
 * which hides the directory.
 */
enum known clue_table(const struct system *system, const struct clues *clues,
		      const char *name);

/* Whether the kernel was built with @symbol, wholly or as a module. */
enum known clue_built(const struct system *system, enum symbol symbol);

/* Whether a part of the kernel is there to have settings: ABSENT where it is
 * a module by its configuration and not among the loaded ones. */
enum known clue_loaded(const struct system *system, enum symbol symbol,
		       const char *module);

/* Whether @parameter is @name's; - and _ are one. */
bool clue_is_named(const struct parameter *parameter, const char *name);

/* Whether one of the comma-separated words of a value begins with @word; the
 * value, NULL or not, without those words: "" where none is left. */
bool clue_has_word(const char *value, const char *word);
char *clue_without_word(struct arena *arena, const char *value,
			const char *word);

/*
 * Whether one of the comma-separated words of a parameter begins with @word,
 * as the kernel compares them; all occurrences count.  Unknown where the
 * command line is.
 */
enum known clue_parameter(const struct system *system, const char *name,
			  const char *word);

/* How the kernel begins its list of words that nobody took. */
extern const char clue_unknown_words[];

/*
 * Whether somebody in the kernel took the parameter: ABSENT where the log
 * lists it as unknown, or where it says on or off and a complete log has none
 * of @echoes (NULL: the taker says nothing).  UNREAD where it is not there.
 */
enum known clue_taken(const struct system *system, const char *name,
		      const char *const *echoes);

/* What the words on and off of a parameter come to, as in intel_iommu= and
 * intremap=, the last one counting: KNOWN on, ABSENT off; UNREAD: neither. */
enum known clue_switch(const struct system *system, const char *name);

#endif
