#!/bin/sh
# Runs once, when Gradescope builds the autograder: beside it in the zip lie suite.json,
# run_autograder and lamina, a checkout. The first start of lamina installs what it needs.
set -e
cd "${AUTOGRADER:-/autograder}/source"
lamina/scripts/lamina --version
