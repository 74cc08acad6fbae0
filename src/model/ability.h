// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_ABILITY_H
#define MODEL_ABILITY_H

#include "model/system.h"

/*
 * What an IOMMU unit can do by its own registers.  That it can does not say
 * that the kernel uses it.
 *
 * Source: Intel VT-d specification 4.1, 11.4.2 and 11.4.3 (CAP, ECAP); AMD
 * I/O Virtualization Technology specification 3.07, 3.2.1 (capability header)
 * and 3.4.9 (extended feature register).
 */
enum ability {
	/* of both makers */
	ABILITY_INTERRUPT_REMAPPING,
	ABILITY_X2APIC,			/* ids of more than 8 bits */
	ABILITY_POSTED_INTERRUPTS,
	ABILITY_DEVICE_TLB,		/* ATS */
	ABILITY_PAGE_REQUESTS,		/* PRS, PPR */
	ABILITY_CACHING_MODE,		/* emulated: this is a guest */
	/* Intel's */
	ABILITY_QUEUED_INVALIDATION,
	ABILITY_PASS_THROUGH,
	ABILITY_SNOOP_CONTROL,
	ABILITY_COHERENT,
	ABILITY_SUPERPAGE_2M,
	ABILITY_SUPERPAGE_1G,
	ABILITY_SCALABLE,
	ABILITY_FIRST_LEVEL,
	ABILITY_SECOND_LEVEL,
	ABILITY_NESTED,
	ABILITY_PASID,
	ABILITY_WRITE_FLUSH,		/* wants its write buffer flushed */
	/* AMD's */
	ABILITY_PREFETCH,
	ABILITY_NO_EXECUTE,
	ABILITY_GUEST_TRANSLATION,
	ABILITY_INVALIDATE_ALL,
	ABILITY_GUEST_APIC,
	ABILITY_HARDWARE_ERRORS,
	ABILITY_COUNTERS,
	ABILITY_GUEST_IO,
	ABILITY_SECURE_NESTED,
	ABILITY_COUNT
};

/*
 * Whether @unit has it: KNOWN yes, ABSENT no (also where units of its maker
 * have no such thing), else why that is not known.
 */
enum known ability_has(const struct unit *unit, enum ability ability);

/* Whether units of that maker can have it at all, so that its lack says
 * something. */
bool ability_applies(const struct unit *unit, enum ability ability);

/* Return its word for other programs: "posted-interrupts". */
const char *ability_word(enum ability ability);

/*
 * Address bits of what its page tables translate: 39, 48, 57 by the deepest
 * table it walks (Intel, SAGAW); 0 where that is not known.
 */
unsigned ability_table_bits(const struct unit *unit);

/* Address bits that devices below it may use (Intel, MGAW); 0 not known. */
unsigned ability_address_bits(const struct unit *unit);

/* How many domains it keeps apart (Intel, ND); 0 not known. */
unsigned ability_domains(const struct unit *unit);

/* The firmware's words about a unit. */
struct unit_named {
	const char *table;		/* DMAR, IVRS, VIOT, IORT; "" none */
	enum known known;		/* of that table's content */
	const struct dmar_unit *entry;	/* of DMAR: its structure, or NULL */
	uint64_t base;			/* register base; 0 not told */
};

/* Find the table that names @unit, and where it tells, the structure. */
struct unit_named ability_named(const struct system *system,
				const struct unit *unit);

/* Return the unit at work whose registers are at @base, or NONE; NONE also
 * where sysfs tells no addresses. */
int ability_unit_at(const struct system *system, uint64_t base);

#endif
