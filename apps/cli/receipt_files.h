// A receipt on disk, as plasm verify and plasm audit look for it.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::app {

std::filesystem::path ProofFileOf(const std::filesystem::path& receipt);
std::filesystem::path ManifestFileOf(const std::filesystem::path& receipt);

struct ReceiptContents {
  ByteView receipt;
  std::optional<ByteView> proof;
  ByteView manifest;
};

// FILE, FILE.tlog-proof and FILE.manifest.json, each whole or not at all, the receipt last.
Result<void> WriteReceiptFiles(const ReceiptContents& contents, const std::filesystem::path& file);

}  // namespace plasm::app
