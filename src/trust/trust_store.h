// Trusted nodes on disk (spec/trust.md section 5): `trusted_nodes` and `cards/<hex>.json` in a
// data folder.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/trust_state.h"

namespace plasm::trust {

struct LoadedTrust {
  TrustState state;
  std::vector<Error> reports;  // cards that count as not there, and why
};

// Several processes may use one folder at a time: changes happen one after the other, under a
// lock, and readers see whole states. Changes are durable on return: they survive power loss.
// A call may block as long as another process changes something. Thread-safe.
//
// Every call fails with kDenied when the file of trusted nodes belongs to somebody else than
// the caller or root, or others than its owner can write it, and with kInvalid when it is not
// a regular file or has a mistake.
class TrustStore {
 public:
  // Creates nothing before the first change.
  explicit TrustStore(std::filesystem::path data_folder) : folder_(std::move(data_folder)) {}

  // Nothing trusted where there is no file. Cards of nodes that are not in it are not read.
  Result<LoadedTrust> Load() const;

  // The errors are those of TrustFile's functions of the same name.
  Result<void> Add(TrustedNode node) const;
  Result<void> SetLevel(std::string_view name, TrustLevel level) const;
  Result<void> Revoke(std::string_view name, OwnRevocation revocation) const;
  // Forgets the node's card too, so that a node that is added again starts anew.
  Result<void> Remove(std::string_view name) const;

  // Opens and accepts the card, or fails as OpenNodeCard and TrustState::TakeCard do. A crash
  // in between may leave the node without a card that counts, until this one or a newer one is
  // offered again. It never lets an older card count.
  Result<CardStanding> AcceptCard(ByteView envelope_json) const;

  std::filesystem::path TrustFilePath() const { return folder_ / "trusted_nodes"; }
  std::filesystem::path CardPath(const crypto::PublicKey& identity) const;

 private:
  Result<TrustFile> ReadTrustFile() const;
  Result<void> WriteTrustFile(const TrustFile& file) const;
  Result<OpenedCard> ReadCard(const crypto::PublicKey& identity) const;
  template <class Edit>
  Result<void> Change(Edit edit) const;

  std::filesystem::path folder_;
};

}  // namespace plasm::trust
