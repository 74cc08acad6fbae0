// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * By which interface an address is reached, out of the kernel's tables as it
 * prints them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/route.h"

static const char four[] =
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\t"
	"Window\tIRTT\n"
	"eth0\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
	"wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
	"eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
	"br0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n"
	"nas0\t0502000A\t00000000\t0001\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n"
	"gone0\t0602000A\t00000000\t0000\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n"
	"*\t0000FEA9\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0\n";

#define ANY "00000000000000000000000000000000"
#define LOCAL "fd000000000000000000000000000000"

static const char six[] =
	LOCAL " 40 " ANY " 00 " ANY " 00000100 00000001 00000000 00000001     eth0\n"
	ANY " 00 " ANY " 00 fe800000000000000000000000000001 00000400 00000001 "
	"00000000 00000003    wlan0\n"
	ANY " 00 " ANY " 00 " ANY " ffffffff 00000001 00000000 00200200       lo\n"
	"fd0000000000000100000000000000ff 80 " ANY " 00 " ANY
	" 00000000 00000003 00000000 80200001       lo\n";

static const struct row {
	const char *address, *name;	/* NULL: not told */
} rows[] = {
	{ "10.0.2.2", "eth0" }, { "10.0.3.1", "br0" }, { "10.0.2.5", "nas0" },
	{ "10.0.2.6", "eth0" }, { "192.0.2.1", "eth0" },
	{ "169.254.1.1", NULL },	/* refused */
	{ "fd00::5", "eth0" }, { "fd00:0:0:1::ff", "lo" },
	{ "2001:db8::1", "wlan0" },
	{ "", NULL }, { "nas.example", NULL }, { "10.0.2", NULL },
};

static void the_longest_prefix_leads(void **state)
{
	struct buf one = {0}, other = {0}, none = {0};
	char name[32], small[4];

	(void)state;
	buf_puts(&one, four);
	buf_puts(&other, six);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool found = route_find(&one, &other, rows[i].address, name,
					sizeof name);
		if (found != (rows[i].name != NULL) ||
		    (found && strcmp(name, rows[i].name) != 0))
			fail_msg("%s: %s", rows[i].address,
				 found ? name : "not found");
	}
	assert_false(route_find(&none, &none, "10.0.2.2", name, sizeof name));
	assert_false(route_find(&one, &other, "10.0.2.2", small,
				sizeof small));
	buf_free(&one);
	buf_free(&other);
}

static void broken_lines_lead_nowhere(void **state)
{
	struct buf one = {0}, other = {0}, cut = {0};
	char name[32];

	(void)state;
	buf_puts(&one, "eth0\nx\t\n\t00000000\t0\t1\t0\t0\t0\t00000000\n");
	buf_puts(&other, ANY " 81 " ANY "\nzz 00\n\n");
	assert_false(route_find(&one, &other, "10.0.2.2", name, sizeof name));
	assert_false(route_find(&one, &other, "fd00::1", name, sizeof name));
	for (size_t len = 0; len < sizeof six; len++) {
		buf_reset(&cut);
		buf_add(&cut, six, len);
		route_find(&one, &cut, "fd00::1", name, sizeof name);
	}
	buf_free(&one);
	buf_free(&other);
	buf_free(&cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_leads),
		cmocka_unit_test(broken_lines_lead_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
