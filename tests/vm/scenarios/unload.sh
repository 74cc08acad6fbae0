# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# The good Intel machine, whose second GPU is driven by modules that stand in
# for NVIDIA's (standin/): what is unloaded to let go of a device.

# shellcheck source=SCRIPTDIR/intel-good.sh
. "$vm/scenarios/intel-good.sh"
suite=unload
bind=no
no_blocker=no
kernels_of=(lab)
