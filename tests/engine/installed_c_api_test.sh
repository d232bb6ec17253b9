#!/bin/sh
# An installed Wasmtime C API does without cargo: configures with Wasmtime_ROOT and compiles
# what differs then.
#   installed_c_api_test.sh SOURCE_FOLDER INCLUDE_FOLDER LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/root/lib" "$work/bin"
ln -s "$2" "$work/root/include"
ln -s "$3" "$work/root/lib/libwasmtime.a"
# Whoever calls these has not understood.
for tool in cargo rustc; do
  printf '#!/bin/sh\necho "%s was called" >&2\nexit 1\n' "$tool" >"$work/bin/$tool"
  chmod +x "$work/bin/$tool"
done

PATH=$work/bin:$PATH Wasmtime_ROOT=$work/root PLASM_ENGINE_CACHE=$work/cache \
  cmake -G Ninja -S "$1" -B "$work/build" -DCMAKE_BUILD_TYPE=Debug
ninja -C "$work/build" -j 1 src/sandbox/CMakeFiles/plasm_sandbox.dir/program.cc.o
[ ! -e "$work/cache" ]
