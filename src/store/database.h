// How connections to the database of jobs are set up.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/result.h"
#include "store/migrations.h"
#include "store/sqlite.h"

namespace plasm::store {

// The one that writes: makes the file, which only its owner may read, when it is missing, and
// brings it up to date. In WAL mode; a commit is on disk when it returns. Nothing is moved from
// the WAL but by an explicit checkpoint.
Result<Connection> OpenWriter(const std::filesystem::path& file, const std::string& vfs,
                              std::span<const Migration> steps = Migrations());

// One that reads, from a database that OpenWriter has opened.
Result<Connection> OpenReader(const std::filesystem::path& file, const std::string& vfs);

}  // namespace plasm::store
