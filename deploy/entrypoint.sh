#!/bin/sh
# Hands the database's password to its driver, which reads it from the environment (libpq), so
# that it stands in no configuration and no command line.
set -eu
if [ -n "${PANTAU_DATABASE_PASSWORD_FILE:-}" ]; then
  PGPASSWORD="$(cat "$PANTAU_DATABASE_PASSWORD_FILE")"
  export PGPASSWORD
fi
exec "$@"
