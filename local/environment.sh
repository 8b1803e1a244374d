#!/bin/sh
# Makes the environment of this folder in .venv, from uv.lock. `make` runs it, and `environment.sh stamp`
# every time: an environment whose .venv/.ready says something else is made anew.
#
# UV, UV_CACHE_DIR and the variables of an index come from the Makefile. WITH_PYTHON=3.11 chooses another
# Python than .python-version.
set -eu

# The folder, the machine, and the interpreter behind .venv/bin/python: its file and its size.
stamp() {
	pwd -P
	uname -sm
	ls -Lis .venv/bin/python 2>/dev/null || echo "no Python"
}

# uv itself, if there is none that runs. pip finds it at the index that pip is configured with.
install_uv() {
	for python in python3 python3.14 python3.13 python3.12 python3.11; do
		"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
		rm -rf .uv/bin .uv/pip
		if "$python" -m pip --version >/dev/null 2>&1; then
			set -- "$python" -m pip
		else
			"$python" -m venv .uv/pip
			set -- .uv/pip/bin/python -m pip
		fi
		PIP_REQUIRE_VIRTUALENV=0 "$@" install --quiet --disable-pip-version-check --no-user \
			--root-user-action ignore --upgrade --target .uv uv
		return
	done
	echo "Python 3.11 or later was not found on PATH. It is needed to install uv, which installs the rest." >&2
	exit 1
}

make_environment() {
	if [ -n "${WITH_PYTHON:-}" ]; then
		uv venv --quiet --no-project --python "$WITH_PYTHON" .venv
	elif ! reason=$(uv venv --quiet --no-project --python "$(cat .python-version)" .venv 2>&1); then
		rm -rf .venv
		uv venv --quiet --no-project --python '>=3.11' .venv || {
			printf '%s\n' "$reason" >&2
			exit 1
		}
		printf '%s\nUsing %s instead of the deployed Python %s.\n' \
			"$reason" "$(.venv/bin/python --version)" "$(cat .python-version)" >&2
	fi
	# Relative to the file's folder.
	for folder in .venv/lib/python3.*/site-packages; do
		printf '../../../../%s\n' src local lightsail-moto/src >"$folder/snapshotter.pth"
	done
}

# The lock names the files of PyPI. Another index has the same files under other addresses: they are
# asked for by name, and accepted by their hash.
install_packages() {
	if [ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX:-}${UV_INDEX_URL:-}${UV_EXTRA_INDEX_URL:-}${UV_FIND_LINKS:-}" ] ||
		grep -qs index "${UV_CONFIG_FILE:-${XDG_CONFIG_HOME:-${HOME:-}/.config}/uv/uv.toml}" /etc/uv/uv.toml; then
		uv export --quiet --frozen --no-emit-workspace --no-header --output-file .venv/requirements.txt
		uv pip sync --quiet --python .venv/bin/python --require-hashes .venv/requirements.txt
	else
		uv sync --quiet --frozen --no-install-workspace --python .venv/bin/python
	fi
}

if [ "${1:-}" = stamp ]; then
	stamp
	exit
fi

uv --version >/dev/null 2>&1 || install_uv
if [ "$(stamp)" != "$(cat .venv/.ready 2>/dev/null)" ]; then
	if [ -e .venv/.ready ]; then
		echo "The environment in .venv is of another folder, or its Python has changed: it is made anew." >&2
	fi
	rm -rf .venv
	make_environment
fi
rm -f .venv/.ready
install_packages
stamp >.venv/.ready
