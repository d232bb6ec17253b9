/// @file
/// Who asks: a data folder with a key, the nodes that are known, and the trust in them.
#pragma once

#include <plasm/abi.h>
#include <plasm/node.h>
#include <plasm/receipt.h>
#include <plasm/task.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace plasm::PLASM_ABI_NAMESPACE {
/// Where a client keeps its things, and what it uses.
struct ClientSettings {
  /// Keys, trusted nodes, receipts, kept contents; the command line's `plasm` uses the same
  /// folder in the same way, at the same time too. Empty: $XDG_DATA_HOME/plasm or
  /// ~/.local/share/plasm.
  std::filesystem::path data_folder;
  /// The program that replays run in, of the same version as this library. Empty: `plasm-worker`
  /// is looked for beside this library (`../libexec/plasm`, `../bin` and the same one folder
  /// further up), beside the running program, in `../libexec/plasm` from there, and in $PATH.
  std::filesystem::path worker_program;
};

/// A node that is known here.
struct KnownNode {
  std::string name;         ///< Its name here.
  std::string url;          ///< "https://host:7420" or "unix:/path".
  std::string fingerprint;  ///< Its identity, "SHA256:…"; empty when it is not trusted any more.
};

/// A client. Thread-safe; copies are the same client. Making one reads and writes nothing.
class PLASM_EXPORT Client {
 public:
  /// kUnavailable when no data folder is named and no home folder is known.
  explicit Client(ClientSettings settings = {});
  /// @cond
  struct State;
  Client(const Client&) noexcept;
  Client& operator=(const Client&) noexcept;
  ~Client();
  /// @endcond

  /// Where this client keeps its things.
  const std::filesystem::path& data_folder() const noexcept;

  /// This client's public key as OpenSSH writes it, "ssh-ed25519 …": the operator of a node lets
  /// it in with `plasmd client add`. The key is made on first use.
  std::string PublicKey() const;
  /// Its fingerprint, "SHA256:…".
  std::string Fingerprint() const;

  /// Asks whoever answers at a URL ("https://host[:port]" or "unix:/path") which node it is: the
  /// fingerprint of an identity whose card lists the key that the server has. Nothing is trusted
  /// by that: have it confirmed by somebody who knows, then AddNode.
  std::string FingerprintOf(const std::string& url) const;

  /// Gets to know a node: trusts its identity, on the level "logged", and remembers where it is.
  /// Empty name: that of its host. Durable on return. kDenied when whoever answers has another
  /// identity than `fingerprint`; kConflict when the name or the node is taken.
  KnownNode AddNode(const std::string& url, const std::string& fingerprint,
                    const std::string& name = {}) const;

  /// The nodes that are known here.
  std::vector<KnownNode> Nodes() const;

  /// Forgets where a node is. Its receipts count on.
  void ForgetNode(const std::string& name) const;

  /// A known node; empty name: the only one. Nothing is sent yet. kNotFound, or kInvalid when
  /// several are known and none is named.
  Node Connect(const std::string& name = {}) const;

  /// What a receipt is worth: held against the trusted nodes, their cards and the policy of the
  /// data folder, its proof of the log, and what `options` give. Needs no network. What is wrong
  /// with the receipt is the verdict; Error when a file cannot be read.
  Verification Verify(const Receipt& receipt, const VerifyOptions& options = {}) const;

  /// Verifies a receipt, and when that is valid runs its job again on this machine and compares:
  /// the verdict is then kValid only if both gave the same. Blocks as long as the job takes.
  /// Needs `plasm-worker` (ClientSettings::worker_program): kUnavailable without it. Whoever
  /// handles SIGCHLD must not reap its processes.
  Verification Replay(const Receipt& receipt, const ReplayOptions& replay = {},
                      const VerifyOptions& options = {}) const;
  /// The same in a thread of its own.
  Task<Verification> ReplayAsync(Receipt receipt, ReplayOptions replay = {},
                                 VerifyOptions options = {}) const;

 private:
  std::shared_ptr<State> state_;
};
}  // namespace plasm::PLASM_ABI_NAMESPACE
