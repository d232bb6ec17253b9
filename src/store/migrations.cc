#include "store/migrations.h"

#include <string>

namespace plasm::store {
namespace {

constexpr std::int64_t kApplicationId = 0x504c534d;  // "PLSM", at offset 68 of the file

// A job's row in `jobs` is written once. What changes while it is unfinished is in a small table
// of its own, so that a start reads nothing else, and that each job ends once: its row moves
// from `unfinished` to `ended`. Short columns come first: a list reads no overflow pages.
constexpr Migration kVersion1 = R"(
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  client TEXT NOT NULL,
  idempotency_key TEXT,
  manifest_digest BLOB NOT NULL CHECK (length(manifest_digest) = 32),
  submitted_ns INTEGER NOT NULL,
  manifest BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_by_key ON jobs (client, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_by_client ON jobs (client);

CREATE TABLE unfinished (
  seq INTEGER PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running')),
  cancel_requested INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  started_ns INTEGER
) STRICT;

CREATE TABLE ended (
  seq INTEGER PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  state TEXT NOT NULL,
  cancel_requested INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  started_ns INTEGER,
  ended_ns INTEGER NOT NULL,
  exit_code INTEGER,
  trap TEXT,
  fuel_used INTEGER,
  message TEXT,
  result_digest BLOB,
  log_origin TEXT,
  log_index INTEGER,
  stdout_bytes INTEGER NOT NULL,
  stdout_digest BLOB NOT NULL,
  stderr_bytes INTEGER NOT NULL,
  stderr_digest BLOB NOT NULL,
  stdout BLOB,
  stderr BLOB,
  receipt BLOB
) STRICT;
CREATE INDEX ended_by_time ON ended (ended_ns);

CREATE TABLE kept_files (
  seq INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  guest_path TEXT NOT NULL,
  digest BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (seq, guest_path)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob_refs (
  seq INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (seq, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_refs_by_digest ON blob_refs (digest);

CREATE TABLE uploads (
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  client TEXT NOT NULL,
  expires_ns INTEGER NOT NULL,
  PRIMARY KEY (digest, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_time ON uploads (expires_ns);

CREATE TABLE nonces (
  nonce BLOB NOT NULL PRIMARY KEY,
  expires_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX nonces_by_time ON nonces (expires_ns);

-- Of ended jobs, so that nobody has to count them.
CREATE TABLE counts (
  state TEXT NOT NULL PRIMARY KEY,
  jobs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('boots', 0);
)";

constexpr Migration kMigrations[] = {kVersion1};

Error Foreign(const Connection& connection, const std::string& found, const std::string& remedy) {
  return {ErrorCode::kConflict, connection.file() + ": " + found + ". " + remedy};
}

}  // namespace

std::span<const Migration> Migrations() { return kMigrations; }

Result<std::size_t> VersionOf(Connection& connection, std::span<const Migration> steps) {
  PLASM_TRY(const std::int64_t version, connection.QueryInt("PRAGMA user_version"));
  PLASM_TRY(const std::int64_t application, connection.QueryInt("PRAGMA application_id"));
  PLASM_TRY(const std::int64_t tables, connection.QueryInt("SELECT count(*) FROM sqlite_schema"));
  const bool empty = version == 0 && application == 0 && tables == 0;
  if (!empty && application != kApplicationId) {
    return Foreign(connection, "this database belongs to another program",
                   "Expected a database of jobs, or no file: move it out of the folder");
  }
  if (version < 0 || static_cast<std::size_t>(version) > steps.size()) {
    return Foreign(connection,
                   "the database has version " + std::to_string(version) +
                       ", this program knows versions up to " + std::to_string(steps.size()),
                   "A newer program made it: run that one");
  }
  return static_cast<std::size_t>(version);
}

Result<void> Migrate(Connection& connection, std::span<const Migration> steps) {
  PLASM_TRY(const std::size_t version, VersionOf(connection, steps));
  for (std::size_t done = version; done < steps.size(); ++done) {
    const std::string sql = "BEGIN IMMEDIATE;" + std::string(steps[done]) +
                            ";PRAGMA application_id = " + std::to_string(kApplicationId) +
                            ";PRAGMA user_version = " + std::to_string(done + 1) + ";COMMIT";
    if (auto stepped = connection.Execute(sql.c_str()); !stepped) {
      if (connection.InTransaction()) (void)connection.Execute("ROLLBACK");
      return stepped;
    }
  }
  return {};
}

}  // namespace plasm::store
