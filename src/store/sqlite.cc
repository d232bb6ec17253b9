#include "store/sqlite.h"

#include <sqlite3.h>

#include <algorithm>

namespace plasm::store {
namespace {

std::string FileOf(sqlite3* database) {
  const char* name = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  return name == nullptr || *name == '\0' ? "jobs.db" : name;
}

Error Damaged(const std::string& file, std::string_view found) {
  return {ErrorCode::kCorrupt,
          file + ": the database of jobs is damaged (" + std::string(found) +
              "). Stop the node, move " + file + " and the files " + file + "-wal and " + file +
              "-shm out of the folder, and start it again: it begins an empty one. The log and "
              "the receipts that were delivered stay valid; \"sqlite3 jobs.db .recover\" shows "
              "what can still be read"};
}

}  // namespace

Error SqliteError(sqlite3* database, int code) {
  const std::string file = FileOf(database);
  std::string found = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Damaged(file, found);
    case SQLITE_FULL:
      return {ErrorCode::kUnavailable,
              file + ": there is no room on the disk. Free some: nothing needs to be restarted"};
    case SQLITE_IOERR:
      if (code == SQLITE_IOERR_CORRUPTFS) return Damaged(file, found);
      [[fallthrough]];
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOLFS:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM: {
      const int system = database == nullptr ? 0 : sqlite3_system_errno(database);
      std::string text = file + ": " + found;
      if (system != 0) text += std::string(" (system error ") + std::to_string(system) + ")";
      return {ErrorCode::kUnavailable, text + ". Expected a disk that can be read and written"};
    }
    default:
      return {ErrorCode::kInternal, file + ": " + found + " (" + std::to_string(code) + ")"};
  }
}

Error DamagedValue(sqlite3* database, std::string_view what) {
  return Damaged(FileOf(database), what);
}

Execution::~Execution() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  if (bound_ > 0) sqlite3_clear_bindings(statement_);
}

void Execution::Check(int code) {
  if (code != SQLITE_OK && !failed_) failed_ = SqliteError(sqlite3_db_handle(statement_), code);
}

Execution& Execution::Bind(std::int64_t value) {
  if (statement_ != nullptr) Check(sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

Execution& Execution::Bind(std::string_view text) {
  const char* begin = text.empty() ? "" : text.data();  // a null pointer would be NULL
  if (statement_ != nullptr) {
    Check(
        sqlite3_bind_text64(statement_, ++bound_, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  return *this;
}

Execution& Execution::Bind(ByteView bytes) {
  const void* begin = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
  if (statement_ != nullptr) {
    Check(sqlite3_bind_blob64(statement_, ++bound_, begin, bytes.size(), SQLITE_STATIC));
  }
  return *this;
}

Execution& Execution::Bind(std::nullopt_t) {
  if (statement_ != nullptr) Check(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

Result<bool> Execution::Row() {
  if (failed_) return *failed_;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(statement_);
  return SqliteError(database, sqlite3_extended_errcode(database));
}

Result<void> Execution::Run() {
  while (true) {
    PLASM_TRY(const bool row, Row());
    if (!row) return {};
  }
}

bool Execution::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Execution::Int(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Execution::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

ByteView Execution::Blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const std::byte*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<Sha256Digest> Execution::Digest(int column) const {
  const ByteView bytes = Blob(column);
  Sha256Digest digest;
  if (bytes.size() != digest.bytes.size()) {
    return DamagedValue(sqlite3_db_handle(statement_), "a digest that has not 32 bytes");
  }
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

std::optional<std::uint64_t> Execution::OptionalUint(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Uint(column);
}

std::optional<std::string> Execution::OptionalText(int column) const {
  if (IsNull(column)) return std::nullopt;
  return std::string(Text(column));
}

void Connection::Close::operator()(sqlite3* database) const noexcept { sqlite3_close(database); }

Result<Connection> Connection::Open(const std::filesystem::path& file, Access access,
                                    const std::string& vfs) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kReadOnly ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code =
      sqlite3_open_v2(file.c_str(), &database, flags, vfs.empty() ? nullptr : vfs.c_str());
  Connection connection(database);
  if (code != SQLITE_OK) return SqliteError(database, code);
  return connection;
}

Result<void> Connection::Execute(const char* sql) {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return SqliteError(handle(), code);
  return {};
}

Execution Connection::Begin(const char* sql) {
  for (const Prepared& prepared : prepared_) {
    if (prepared.sql == sql) return Execution(prepared.statement.get());
  }
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return Execution(SqliteError(handle(), code));
  prepared_.push_back({sql, decltype(Prepared::statement)(statement)});
  return Execution(statement);
}

Result<std::int64_t> Connection::QueryInt(const char* sql) {
  Execution query = Begin(sql);
  PLASM_TRY(const bool row, query.Row());
  return row ? query.Int(0) : 0;
}

Result<std::string> Connection::QueryText(const char* sql) {
  Execution query = Begin(sql);
  PLASM_TRY(const bool row, query.Row());
  return row ? std::string(query.Text(0)) : std::string();
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

std::string Connection::file() const { return FileOf(handle()); }
bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle()) == 0; }
std::int64_t Connection::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle()); }
std::int64_t Connection::changes() const { return sqlite3_changes64(handle()); }

}  // namespace plasm::store
