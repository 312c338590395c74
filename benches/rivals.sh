#!/usr/bin/env bash
# Installs the programs that `cargo bench --bench feeds` and `--bench delivery` measure beside griot, into the folder that is
# named, and nowhere else: feedgen from PyPI, feed and nodemailer from npm, Hugo from the packages of Debian or Ubuntu, lettre's
# pool from crates.io. What cannot be installed is left out.
set -uo pipefail
folder=$(mkdir -p "${1:?usage: rivals.sh FOLDER}" && cd "$1" && pwd)

python3 -m venv "$folder/python" && "$folder/python/bin/pip" install -q feedgen || echo "feedgen: not installed"
mkdir -p "$folder/node" && npm install --silent --prefix "$folder/node" feed nodemailer || echo "npm feed and nodemailer: not installed"
(cd "$folder" && apt-get download -q hugo libsass1 && for package in *.deb; do dpkg -x "$package" hugo || exit 1; done) || echo "Hugo: not installed"
here=$(dirname "$(realpath "$0")")/rivals
cargo build --quiet --release --manifest-path "$here/lettre/Cargo.toml" --target-dir "$folder/lettre" &&
    cc -shared -fPIC -o "$folder/lettre/nodelay.so" "$here/nodelay.c" -ldl || echo "lettre's pool: not built"
echo "GRIOT_RIVALS=$folder cargo bench --bench feeds --bench delivery"
