// SQLite's C API, wrapped where it enters: connections, statements, errors. One thread at a
// time for a connection and its statements. Errors are never those that a write gives when it is
// refused (kInvalid, kConflict, kNotFound): kCorrupt says what can be done, kUnavailable is the
// disk, kInternal a fault of ours.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"

struct sqlite3;
struct sqlite3_stmt;

namespace plasm::store {

// One execution of a statement: bind, step, read columns; it is reset at its end, so one at a
// time for each statement. What is bound must live until then; a column's view until the next
// step.
class Execution {
 public:
  explicit Execution(sqlite3_stmt* statement) : statement_(statement) {}
  // Of a statement that could not be prepared: binds nothing and fails at its first step.
  explicit Execution(Error error) : failed_(std::move(error)) {}
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  ~Execution();

  // In the order of the statement's parameters.
  Execution& Bind(std::int64_t value);
  Execution& Bind(std::uint64_t value) { return Bind(static_cast<std::int64_t>(value)); }
  Execution& Bind(std::uint32_t value) { return Bind(static_cast<std::int64_t>(value)); }
  Execution& Bind(bool value) { return Bind(std::int64_t{value ? 1 : 0}); }
  Execution& Bind(std::string_view text);
  Execution& Bind(ByteView bytes);
  Execution& Bind(const Sha256Digest& digest) { return Bind(ByteView(digest.bytes)); }
  Execution& Bind(std::nullopt_t);
  template <class T>
  Execution& Bind(const std::optional<T>& value) {
    return value ? Bind(*value) : Bind(std::nullopt);
  }
  Execution& Bind(const std::optional<std::string>& value) {
    return value ? Bind(std::string_view(*value)) : Bind(std::nullopt);
  }
  Execution& Bind(const std::optional<Bytes>& value) {
    return value ? Bind(ByteView(*value)) : Bind(std::nullopt);
  }

  Result<bool> Row();  // whether there is another row
  Result<void> Run();  // to the end

  // From column 0 on. Numbers beyond 2^63 were bound as negative ones, and come back.
  bool IsNull(int column) const;
  std::int64_t Int(int column) const;
  std::uint64_t Uint(int column) const { return static_cast<std::uint64_t>(Int(column)); }
  std::string_view Text(int column) const;
  ByteView Blob(int column) const;
  Result<Sha256Digest> Digest(int column) const;  // kCorrupt unless it has 32 bytes
  std::optional<std::uint64_t> OptionalUint(int column) const;
  std::optional<std::string> OptionalText(int column) const;

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  std::optional<Error> failed_;
  void Check(int code);
};

class Connection {
 public:
  enum class Access { kReadOnly, kReadWriteCreate };

  // Follows no link at the file itself. `vfs`: SQLite's name of a file system, or empty.
  static Result<Connection> Open(const std::filesystem::path& file, Access access,
                                 const std::string& vfs);

  // One or several statements without parameters.
  Result<void> Execute(const char* sql);
  // Prepares the statement when it comes for the first time. `sql` is a constant: it is known by
  // its address.
  Execution Begin(const char* sql);
  // The first column of the first row.
  Result<std::int64_t> QueryInt(const char* sql);
  Result<std::string> QueryText(const char* sql);

  bool InTransaction() const;
  std::int64_t last_insert_rowid() const;
  std::int64_t changes() const;  // rows that the last statement changed
  std::string file() const;      // its path, as opened
  sqlite3* handle() const { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  explicit Connection(sqlite3* database) : database_(database) {}

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  struct Prepared {
    const char* sql;
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
  };

  std::unique_ptr<sqlite3, Close> database_;
  std::vector<Prepared> prepared_;  // end before it
};

// What went wrong with a result code of SQLite's in this database.
Error SqliteError(sqlite3* database, int code);

// A value in the database that no version of ours has written.
Error DamagedValue(sqlite3* database, std::string_view what);

}  // namespace plasm::store
