// The database's form, as steps from each version to the next.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "store/sqlite.h"

namespace plasm::store {

// SQL that makes version N of version N - 1, where N is its place in the list, from 1. A step
// that has been published never changes.
using Migration = const char*;

std::span<const Migration> Migrations();

// The version of a database that these steps can bring up to date. kConflict when a newer program
// made it, or when it belongs to another program: nothing has been changed.
Result<std::size_t> VersionOf(Connection& connection, std::span<const Migration> steps);

// Brings it to the last version, one transaction a step: a cut leaves it at one of them, and the
// next start goes on.
Result<void> Migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace plasm::store
