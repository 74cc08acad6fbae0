// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/kconfig.h"

static struct kconfig parse(const char *text)
{
	struct kconfig kconfig = {0};

	kconfig_parse(text, strlen(text), &kconfig);
	return kconfig;
}

static void symbols_are_built_in_modules_or_not_set(void **state)
{
	struct kconfig kconfig = parse("#\n# Linux/x86 6.1 configuration\n#\n"
				       "CONFIG_VFIO=m\n"
				       "CONFIG_IOMMU_SUPPORT=y\n"
				       "CONFIG_KVM=n\n"
				       "# CONFIG_INTEL_IOMMU is not set\n"
				       "CONFIG_LOCALVERSION=\"-amd64\"\n");

	(void)state;
	assert_int_equal(kconfig.known, KNOWN);
	assert_int_equal(kconfig.value[CFG_VFIO], 'm');
	assert_int_equal(kconfig.value[CFG_IOMMU_SUPPORT], 'y');
	assert_int_equal(kconfig.value[CFG_KVM], 'n');
	assert_int_equal(kconfig.value[CFG_INTEL_IOMMU], 'n');
	assert_int_equal(kconfig.value[CFG_AMD_IOMMU], 'n');
}

static void a_symbol_is_not_its_longer_neighbour(void **state)
{
	struct kconfig kconfig = parse("CONFIG_INTEL_IOMMU_SVM=y\n"
				       "CONFIG_VFIO_PCI_CORE=m\n"
				       "CONFIG_VFI=y\n");

	(void)state;
	assert_int_equal(kconfig.known, KNOWN);
	assert_int_equal(kconfig.value[CFG_INTEL_IOMMU], 'n');
	assert_int_equal(kconfig.value[CFG_VFIO_PCI], 'n');
	assert_int_equal(kconfig.value[CFG_VFIO], 'n');
}

static void the_last_word_on_a_symbol_counts(void **state)
{
	struct kconfig kconfig = parse("CONFIG_VFIO=y\r\n"
				       "# CONFIG_VFIO is not set\r\n"
				       "CONFIG_KVM=m");

	(void)state;
	assert_int_equal(kconfig.value[CFG_VFIO], 'n');
	assert_int_equal(kconfig.value[CFG_KVM], 'm');
}

static void other_text_is_no_configuration(void **state)
{
	(void)state;
	assert_int_equal(parse("").known, MALFORMED);
	assert_int_equal(parse("hello\nCONFIG_VFIO\n").known, MALFORMED);
	assert_int_equal(parse("CONFIG_VFIO=yes\n").value[CFG_VFIO], 'n');
	assert_int_equal(parse("CONFIG_VFIO=\n").value[CFG_VFIO], 'n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_are_built_in_modules_or_not_set),
		cmocka_unit_test(a_symbol_is_not_its_longer_neighbour),
		cmocka_unit_test(the_last_word_on_a_symbol_counts),
		cmocka_unit_test(other_text_is_no_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
