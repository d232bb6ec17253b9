/// @file
/// What is visible of the library, and under which number.
#pragma once

/// Counts breaks of the binary interface. It is the number in the library's file name
/// (`libplasm.so.0`) and in the inline namespace that everything is in (`plasm::v0`), so that
/// programs and libraries of different numbers do not mix. You write `plasm::Client`.
#define PLASM_ABI_VERSION 0

/// @cond
#define PLASM_EXPORT __attribute__((visibility("default")))

// Inside the library, namespace plasm has other names of its own, so there it is not inline. The
// names that the linker sees are the same.
#ifdef PLASM_BUILDS_LIBRARY
#define PLASM_ABI_NAMESPACE v0
#else
#define PLASM_ABI_NAMESPACE inline v0
#endif
/// @endcond
