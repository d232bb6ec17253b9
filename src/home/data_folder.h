// Where a node, and whoever verifies what nodes say, keeps what must outlive a process.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace plasm::home {

class DataFolder {
 public:
  // `chosen`, or without one $XDG_DATA_HOME/plasm, or ~/.local/share/plasm. Creates nothing.
  static Result<DataFolder> Locate(const std::string& chosen);

  const std::filesystem::path& root() const { return root_; }

  // A node's own.
  std::filesystem::path receipt_key() const { return root_ / "receipt.key"; }
  std::filesystem::path artefacts() const { return root_ / "artefacts"; }
  std::filesystem::path log() const { return root_ / "log"; }
  std::filesystem::path card() const { return root_ / "card.json"; }

  // A verifier's own.
  std::filesystem::path policy() const { return root_ / "policy"; }
  std::filesystem::path audit_key() const { return root_ / "audit.key"; }
  std::filesystem::path witness() const { return root_ / "witness"; }

  // A client's own.
  std::filesystem::path receipts() const { return root_ / "receipts"; }
  std::filesystem::path requests() const { return root_ / "requests"; }

  // All of them: contents by their digest.
  std::filesystem::path blobs() const { return root_ / "blobs"; }

 private:
  explicit DataFolder(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path root_;
};

}  // namespace plasm::home
