// A receipt on disk, as a verifier looks for it.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::home {

std::filesystem::path ProofFileOf(const std::filesystem::path& receipt);
std::filesystem::path ManifestFileOf(const std::filesystem::path& receipt);

struct ReceiptContents {
  ByteView receipt;
  std::optional<ByteView> proof;
  std::optional<ByteView> manifest;
};

// FILE, and FILE.tlog-proof and FILE.manifest.json where they are given, each whole or not at all,
// the receipt last.
Result<void> WriteReceiptFiles(const ReceiptContents& contents, const std::filesystem::path& file);

}  // namespace plasm::home
