# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine of intel-good, whose second GPU is asked what VFIO grants.

. "$vm/scenarios/intel-good.sh"
suite=inspect
bind=no
kernels_of=(debian12 newest lab)
