// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The capability registers of IOMMU units, bit by bit, and which firmware
 * table names which unit.  What is good or bad about it is for the rules.
 */
#include "model/ability.h"

#include <string.h>

enum place { NOWHERE, INTEL_CAP, INTEL_ECAP, AMD_HEADER, AMD_EFR, ALWAYS };

/* Where a bit stands in the registers of each maker. */
struct bit {
	enum place place;
	unsigned bit;
};

static const struct {
	const char *word;
	struct bit intel, amd;
} table[ABILITY_COUNT] = {
	[ABILITY_INTERRUPT_REMAPPING] = { "interrupt-remapping",
		{ INTEL_ECAP, 3 }, { ALWAYS, 0 } },
	[ABILITY_X2APIC] = { "x2apic", { INTEL_ECAP, 4 }, { AMD_EFR, 2 } },
	[ABILITY_POSTED_INTERRUPTS] = { "posted-interrupts",
		{ INTEL_CAP, 59 }, { AMD_EFR, 21 } },
	[ABILITY_DEVICE_TLB] = { "device-tlb", { INTEL_ECAP, 2 },
		{ AMD_HEADER, 24 } },
	[ABILITY_PAGE_REQUESTS] = { "page-requests", { INTEL_ECAP, 29 },
		{ AMD_EFR, 1 } },
	[ABILITY_CACHING_MODE] = { "caching-mode", { INTEL_CAP, 7 },
		{ AMD_HEADER, 26 } },
	[ABILITY_QUEUED_INVALIDATION] = { "queued-invalidation",
		{ INTEL_ECAP, 1 }, { 0 } },
	[ABILITY_PASS_THROUGH] = { "pass-through", { INTEL_ECAP, 6 }, { 0 } },
	[ABILITY_SNOOP_CONTROL] = { "snoop-control", { INTEL_ECAP, 7 },
		{ 0 } },
	[ABILITY_COHERENT] = { "coherent", { INTEL_ECAP, 0 }, { 0 } },
	[ABILITY_SUPERPAGE_2M] = { "superpage-2m", { INTEL_CAP, 34 }, { 0 } },
	[ABILITY_SUPERPAGE_1G] = { "superpage-1g", { INTEL_CAP, 35 }, { 0 } },
	[ABILITY_SCALABLE] = { "scalable", { INTEL_ECAP, 43 }, { 0 } },
	[ABILITY_FIRST_LEVEL] = { "first-level", { INTEL_ECAP, 47 }, { 0 } },
	[ABILITY_SECOND_LEVEL] = { "second-level", { INTEL_ECAP, 46 }, { 0 } },
	[ABILITY_NESTED] = { "nested", { INTEL_ECAP, 26 }, { 0 } },
	[ABILITY_PASID] = { "pasid", { INTEL_ECAP, 40 }, { 0 } },
	[ABILITY_WRITE_FLUSH] = { "write-flush", { INTEL_CAP, 4 }, { 0 } },
	[ABILITY_PREFETCH] = { "prefetch", { 0 }, { AMD_EFR, 0 } },
	[ABILITY_NO_EXECUTE] = { "no-execute", { 0 }, { AMD_EFR, 3 } },
	[ABILITY_GUEST_TRANSLATION] = { "guest-translation", { 0 },
		{ AMD_EFR, 4 } },
	[ABILITY_INVALIDATE_ALL] = { "invalidate-all", { 0 }, { AMD_EFR, 6 } },
	[ABILITY_GUEST_APIC] = { "guest-apic", { 0 }, { AMD_EFR, 7 } },
	[ABILITY_HARDWARE_ERRORS] = { "hardware-errors", { 0 },
		{ AMD_EFR, 8 } },
	[ABILITY_COUNTERS] = { "counters", { 0 }, { AMD_EFR, 9 } },
	[ABILITY_GUEST_IO] = { "guest-io", { 0 }, { AMD_EFR, 48 } },
	[ABILITY_SECURE_NESTED] = { "secure-nested", { 0 }, { AMD_EFR, 63 } },
};

static bool is_amd(const struct unit *unit)
{
	return strcmp(unit->kind, "amd") == 0;
}

static struct bit bit_of(const struct unit *unit, enum ability ability)
{
	struct bit nowhere = { NOWHERE, 0 };

	if (is_amd(unit))
		return table[ability].amd;
	return strcmp(unit->kind, "intel") == 0 ? table[ability].intel :
						  nowhere;
}

static enum known test(const struct fact_num *fact, unsigned bit)
{
	if (fact->known != KNOWN)
		return fact->known == ABSENT ? UNREAD : fact->known;
	return (uint64_t)fact->value >> bit & 1 ? KNOWN : ABSENT;
}

enum known ability_has(const struct unit *unit, enum ability ability)
{
	struct bit bit = bit_of(unit, ability);

	switch (bit.place) {
	case INTEL_CAP:
		return test(&unit->cap, bit.bit);
	case INTEL_ECAP:
		return test(&unit->ecap, bit.bit);
	case AMD_HEADER:
		return test(&unit->amd_cap, bit.bit);
	case AMD_EFR:
		return test(&unit->features, bit.bit);
	case ALWAYS:
		return KNOWN;
	default:
		return ABSENT;
	}
}

bool ability_applies(const struct unit *unit, enum ability ability)
{
	return bit_of(unit, ability).place != NOWHERE;
}

const char *ability_word(enum ability ability)
{
	return table[ability].word;
}

unsigned ability_table_bits(const struct unit *unit)
{
	static const unsigned widths[] = { 30, 39, 48, 57, 64 };
	unsigned bits = 0;

	if (unit->cap.known != KNOWN)
		return 0;
	for (unsigned i = 0; i < 5; i++)
		if ((uint64_t)unit->cap.value >> (8 + i) & 1)
			bits = widths[i];
	return bits;
}

unsigned ability_address_bits(const struct unit *unit)
{
	if (unit->cap.known != KNOWN)
		return 0;
	return (unsigned)((uint64_t)unit->cap.value >> 16 & 0x3f) + 1;
}

unsigned ability_domains(const struct unit *unit)
{
	if (unit->cap.known != KNOWN)
		return 0;
	return 1u << (4 + 2 * ((uint64_t)unit->cap.value & 7));
}

static struct unit_named in_dmar(const struct system *system,
				 const struct unit *unit)
{
	const struct dmar *dmar = &system->host.dmar;
	struct unit_named named = { "DMAR", dmar->known, NULL, 0 };

	for (unsigned i = 0; i < dmar->unit_count; i++)
		if (unit->address.known == KNOWN &&
		    dmar->units[i].base == (uint64_t)unit->address.value) {
			named.entry = &dmar->units[i];
			named.base = dmar->units[i].base;
		}
	return named;
}

/* sysfs tells no address of AMD's units: one unit and one base belong
 * together, of several nobody can say which is which. */
static struct unit_named in_ivrs(const struct system *system)
{
	const struct ivrs *ivrs = &system->host.ivrs;
	struct unit_named named = { "IVRS", ivrs->known, NULL, 0 };

	if (ivrs->mmio_count == 1)
		named.base = ivrs->mmio_bases[0];
	return named;
}

struct unit_named ability_named(const struct system *system,
				const struct unit *unit)
{
	const struct host *host = &system->host;

	if (strcmp(unit->kind, "intel") == 0)
		return in_dmar(system, unit);
	if (is_amd(unit))
		return in_ivrs(system);
	if (strcmp(unit->kind, "virtio") == 0)
		return (struct unit_named){ "VIOT", host->viot.known, NULL,
					    0 };
	if (strcmp(unit->kind, "smmu") == 0)
		return (struct unit_named){ "IORT", host->iort.known, NULL,
					    0 };
	/* Of virtio's, sysfs tells the bus and not the kind. */
	if (host->viot.known == KNOWN)
		return (struct unit_named){ "VIOT", KNOWN, NULL, 0 };
	return (struct unit_named){ "", UNREAD, NULL, 0 };
}

int ability_unit_at(const struct system *system, uint64_t base)
{
	for (unsigned i = 0; i < system->unit_count; i++)
		if (system->units[i].address.known == KNOWN &&
		    (uint64_t)system->units[i].address.value == base)
			return (int)i;
	return NONE;
}
