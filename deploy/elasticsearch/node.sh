#!/usr/bin/env bash
# Run an Elasticsearch node for development and tests, in the foreground, until Ctrl-C or SIGTERM.
#
#   deploy/elasticsearch/node.sh [PORT [DATA]]     (default: 9200, var/elasticsearch)
#   deploy/elasticsearch/node.sh --fetch           only fetches the libraries
#
# The libraries come from Maven Central once and are kept in ~/.cache/pantau. Needs mvn and a
# JDK 17 or later: apt-get install maven openjdk-17-jdk-headless. The node listens on loopback
# only and has no security module; production uses the vendor's image or packages.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
version="$(sed -n 's:.*<version>\(8[^<]*\)</version>.*:\1:p' "$here/pom.xml" | head -1)"
home="${XDG_CACHE_HOME:-$HOME/.cache}/pantau/elasticsearch-$version"

lay_out() {
  local making="$home.$$"
  mkdir -p "$making/lib" "$making/config" "$making/plugins" "$making/modules/transport-netty4"
  mvn --quiet --batch-mode --file "$here/pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$making/lib"
  mv "$making"/lib/transport-netty4-*.jar "$making"/lib/netty-*.jar \
    "$making/modules/transport-netty4/"
  cat >"$making/modules/transport-netty4/plugin-descriptor.properties" <<DESCRIPTOR
description=HTTP and transport
version=$version
name=transport-netty4
classname=org.elasticsearch.transport.netty4.Netty4Plugin
java.version=17
elasticsearch.version=$version
has.native.controller=false
licensed=false
extended.plugins=
DESCRIPTOR
  # Whoever comes second finds the folder in place and drops its own.
  mv -T "$making" "$home" 2>/dev/null || rm -rf "$making"
}

for tool in mvn java; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install maven openjdk-17-jdk-headless" >&2; exit 1; }
done
[ -d "$home" ] || lay_out
[ "${1:-}" = --fetch ] && exit 0

port="${1:-9200}"
data="${2:-var/elasticsearch}"
mkdir -p "$data/tmp"
# On the class path instead of the module path the node does not start.
exec java -Xms512m -Xmx512m -Djava.io.tmpdir="$(cd "$data" && pwd)/tmp" \
  -Dlog4j2.disable.jmx=true --module-path "$home/lib" --add-modules ALL-MODULE-PATH \
  "$here/Node.java" "$home" "$(cd "$data" && pwd)" "$port"
