// From a module's bytes to a compiled artefact. Runs untrusted input through a compiler:
// call it only in a process that has nothing to lose.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "sandbox/engine.h"

namespace plasm::sandbox {

// Validates `module` and compiles it with `engine`'s target and tier. kInvalid, with the
// reason, when it is not a core module, is malformed, imports what Plasm does not provide,
// or has no `_start`. The artefact loads only in an engine of the same version and target.
Result<Bytes> Compile(const Engine& engine, ByteView module);

}  // namespace plasm::sandbox
