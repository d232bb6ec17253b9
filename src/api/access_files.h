// The files that say who may do what, in a node's data folder (spec/clients.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "api/access.h"
#include "base/clock.h"
#include "base/result.h"

namespace plasm::api {

// Several processes may use one folder at a time: changes happen one after the other, under a
// lock, and readers see whole files. Changes are durable on return. Thread-safe.
//
// Every call fails with kDenied when a file belongs to somebody else than the caller or root, or
// others than its owner can write it, and with kInvalid when it is not a regular file or has a
// mistake. A file that is missing has nobody in it.
class AccessFiles {
 public:
  explicit AccessFiles(std::filesystem::path data_folder) : folder_(std::move(data_folder)) {}

  Result<AuthorizedClients> Clients() const;
  Result<Tokens> ReadTokens() const;

  // The errors are those of EntryFile's functions of the same names.
  Result<void> AddClient(AuthorizedClient client) const;
  Result<void> RemoveClient(std::string_view name) const;
  Result<void> AddToken(Token token) const;
  Result<void> RemoveToken(std::string_view name) const;

  std::filesystem::path ClientsPath() const { return folder_ / "authorized_clients"; }
  std::filesystem::path TokensPath() const { return folder_ / "tokens"; }

 private:
  template <class File, class Edit>
  Result<void> Change(const std::filesystem::path& path, Edit edit) const;

  std::filesystem::path folder_;
};

// What the files say, read again when they change: at most a second after that, for whoever asks.
// A file that can't be taken leaves in force what it said before. One thread at a time.
class LiveAccess {
 public:
  // Called with each file that can't be taken, once for each state of it.
  using Report = std::function<void(const Error&)>;

  // Fails where a file can't be taken: a node does not start with it. The clock must outlive it.
  // `guests`: of an open node.
  static Result<LiveAccess> Open(AccessFiles files, Clock& clock, Report report,
                                 std::optional<Guests> guests = {});

  // Valid until the next call.
  const AccessList& Current();
  // Looks at once, as for SIGHUP.
  void Reload();

 private:
  // What changes when a file does.
  struct Stamp {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::uint64_t changed_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  static Stamp StampOf(const std::filesystem::path& path);

  LiveAccess(AccessFiles files, Clock& clock, Report report)
      : files_(std::move(files)), clock_(&clock), report_(std::move(report)) {}
  void ReadClients();
  void ReadTokens();
  void Look();

  AccessFiles files_;
  Clock* clock_;
  Report report_;
  AccessList list_;
  Stamp clients_;
  Stamp tokens_;
  std::uint64_t looked_ns_ = 0;
};

}  // namespace plasm::api
