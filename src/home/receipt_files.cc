#include "home/receipt_files.h"

#include "base/file.h"

namespace plasm::home {
namespace {

std::filesystem::path Beside(std::filesystem::path file, const char* suffix) {
  return file += suffix;
}

}  // namespace

std::filesystem::path ProofFileOf(const std::filesystem::path& receipt) {
  return Beside(receipt, ".tlog-proof");
}

std::filesystem::path ManifestFileOf(const std::filesystem::path& receipt) {
  return Beside(receipt, ".manifest.json");
}

Result<void> WriteReceiptFiles(const ReceiptContents& contents, const std::filesystem::path& file) {
  if (contents.manifest) {
    PLASM_TRY_VOID(WriteFileAtomically(ManifestFileOf(file), *contents.manifest));
  }
  if (contents.proof) PLASM_TRY_VOID(WriteFileAtomically(ProofFileOf(file), *contents.proof));
  return WriteFileAtomically(file, contents.receipt);
}

}  // namespace plasm::home
