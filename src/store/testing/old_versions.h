// For tests: databases as each published version made them, in SQL. They never change.
#pragma once

#include <array>

namespace plasm::store::testing {

// Two jobs: number 5 has ended, number 7 waits with the key "key". Opened three times.
inline constexpr const char* kVersion1 = R"(
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
PRAGMA application_id = 1347179341;
PRAGMA user_version = 1;
UPDATE meta SET value = 3 WHERE name = 'boots';
INSERT INTO jobs VALUES (5, 'job-00000001-0000-4000-8000-000000000000', 'uid:1000', NULL,
  zeroblob(32), 1000, x'7b7d'), (7, 'job-00000002-0000-4000-8000-000000000000', 'uid:1000', 'key',
  zeroblob(32), 2000, x'7b7d');
INSERT INTO unfinished VALUES (7, 'running', 0, 1, 2500);
INSERT INTO ended VALUES (5, 'exited', 0, 1, 1500, 1700, 3, NULL, 4482, NULL, zeroblob(32),
  'plasm.invalid/log', 9, 2, zeroblob(32), 0, zeroblob(32), x'6f6b', x'',
  CAST('receipt' AS BLOB));
INSERT INTO kept_files VALUES (5, '/out/a', zeroblob(32), 1);
INSERT INTO blob_refs VALUES (5, zeroblob(32)), (7, zeroblob(32));
INSERT INTO counts VALUES ('exited', 1);
)";

inline constexpr std::array kOldVersions = {kVersion1};

}  // namespace plasm::store::testing
