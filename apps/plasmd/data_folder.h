// Where a node keeps what must outlive it: its key and its compiled artefacts.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace plasm::app {

class DataFolder {
 public:
  // `chosen`, or without one $XDG_DATA_HOME/plasm, or ~/.local/share/plasm. Creates nothing.
  static Result<DataFolder> Locate(const std::string& chosen);

  std::filesystem::path receipt_key() const { return root_ / "receipt.key"; }
  std::filesystem::path artefacts() const { return root_ / "artefacts"; }
  const std::filesystem::path& root() const { return root_; }

 private:
  explicit DataFolder(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path root_;
};

}  // namespace plasm::app
