#!/usr/bin/env bash
# Make the passwords of compose.yaml, at random and once: what is there is left as it is.
# Run as root: each file belongs to whom its container runs as, and to nobody else.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
make() { # NAME OWNER
  [ -s "secrets/$1" ] || head -c 32 /dev/urandom | base64 | tr -d '/+=\n' >"secrets/$1"
  chown "$2" "secrets/$1"
  chmod 400 "secrets/$1"
}
make database_password 10001
make search_password 10001
make search_admin_password 1000 # Elasticsearch refuses a file that others may read
