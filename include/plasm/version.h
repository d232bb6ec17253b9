/// @file
/// Which version this is. While the major version is 0, a new minor one may change the interface:
/// `find_package(plasm 0.1)` takes 0.1.x only.
#pragma once

#include <plasm/abi.h>

/// The first number of the version of these headers.
#define PLASM_VERSION_MAJOR 0
/// The second.
#define PLASM_VERSION_MINOR 1
/// The third: nothing that programs rely on changes with it.
#define PLASM_VERSION_PATCH 0
/// The version of these headers, as text.
#define PLASM_VERSION_STRING "0.1.0"

namespace plasm::PLASM_ABI_NAMESPACE {
/// The version of the library that is loaded, as in "0.1.0". Thread-safe.
PLASM_EXPORT const char* Version() noexcept;

/// The engine that replays run in, as in "wasmtime-48.0.8". Thread-safe.
PLASM_EXPORT const char* EngineVersion() noexcept;
}  // namespace plasm::PLASM_ABI_NAMESPACE
