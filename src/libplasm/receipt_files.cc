#include "home/receipt_files.h"

#include <plasm/receipt.h>

#include <utility>

#include "base/file.h"
#include "libplasm/failure.h"
#include "receipt/manifest_v1.h"
#include "receipt/statement.h"
#include "tlog/proof_file.h"

namespace plasm::v0 {

NotVerified::NotVerified(Verification verification)
    : Error(ErrorCode::kDenied, "the receipt does not verify, so nothing of the result counts: " +
                                    std::string(VerdictName(verification.verdict)) + ": " +
                                    verification.reason),
      verification_(std::make_shared<const Verification>(std::move(verification))) {}
NotVerified::NotVerified(const NotVerified&) noexcept = default;
NotVerified& NotVerified::operator=(const NotVerified&) noexcept = default;
NotVerified::~NotVerified() = default;

const Verification& NotVerified::verification() const noexcept { return *verification_; }

Receipt Receipt::Load(const std::filesystem::path& file) {
  Receipt receipt;
  receipt.envelope = libplasm::ValueOf(ReadFile(file, receipt::kMaxReceiptBytes));
  receipt.log_proof =
      libplasm::ValueOf(ReadIfThere(home::ProofFileOf(file), tlog::kMaxProofFileBytes));
  receipt.manifest =
      libplasm::ValueOf(ReadIfThere(home::ManifestFileOf(file), receipt::kMaxManifestBytes));
  return receipt;
}

void Receipt::Save(const std::filesystem::path& file) const {
  home::ReceiptContents contents{.receipt = envelope, .proof = {}, .manifest = {}};
  if (log_proof) contents.proof = *log_proof;
  if (manifest) contents.manifest = *manifest;
  libplasm::ValueOf(home::WriteReceiptFiles(contents, file));
}

}  // namespace plasm::v0
