#include "store/database.h"

#include <fcntl.h>

#include <cerrno>

#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::store {
namespace {

// SQLite would make it for everybody to read. Not for an existing file: closing any descriptor
// of one that is open drops SQLite's locks on it.
Result<void> CreateForOwner(const std::filesystem::path& file) {
  const UniqueFd fd(open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd || errno == EEXIST) return {};
  return Error{ErrorCode::kUnavailable, SystemError(errno, file.string()).message +
                                            ". Expected a folder in which files can be made"};
}

// Page caches are small: the kernel's is beneath them. A schema that somebody else has changed
// runs nothing.
constexpr char kForAll[] =
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;";
constexpr char kForReaders[] = "PRAGMA query_only = ON; PRAGMA cache_size = -512;";
// EXTRA: the journal in which the file becomes a WAL database must not be there again after a
// power cut; it would undo everything since. With a WAL it is the same as FULL. Pages of 8 KiB
// hold several receipts each: half the writes of the usual 4 KiB.
constexpr char kForWriter[] =
    "PRAGMA page_size = 8192; PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; PRAGMA "
    "cache_size = -8192; "
    "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 16777216;";

}  // namespace

Result<Connection> OpenWriter(const std::filesystem::path& file, const std::string& vfs,
                              std::span<const Migration> steps) {
  PLASM_TRY_VOID(CreateForOwner(file));
  PLASM_TRY(Connection connection,
            Connection::Open(file, Connection::Access::kReadWriteCreate, vfs));
  PLASM_TRY_VOID(connection.Execute(kForAll));
  PLASM_TRY_VOID(connection.Execute(kForWriter));
  if (auto version = VersionOf(connection, steps); !version) return std::move(version).error();
  PLASM_TRY(const std::string mode, connection.QueryText("PRAGMA journal_mode = WAL"));
  if (mode != "wal") {
    return Error{ErrorCode::kUnavailable,
                 file.string() + ": found journal mode \"" + mode +
                     "\", expected \"wal\". Use a local file system that can map files into "
                     "memory"};
  }
  PLASM_TRY_VOID(Migrate(connection, steps));
  return connection;
}

Result<Connection> OpenReader(const std::filesystem::path& file, const std::string& vfs) {
  PLASM_TRY(Connection connection, Connection::Open(file, Connection::Access::kReadOnly, vfs));
  PLASM_TRY_VOID(connection.Execute(kForAll));
  PLASM_TRY_VOID(connection.Execute(kForReaders));
  return connection;
}

}  // namespace plasm::store
