// Proof files: what is accepted is what we would have written, and only the true place of an
// entry is believed.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "tlog/checkpoint.h"
#include "tlog/logged_entry.h"
#include "tlog/proof_file.h"

namespace {

// The key that has signed the seeds: for "leaf 6", which is entry 6 of 11.
constexpr std::string_view kKey =
    "plasm.invalid/log+2d4a6dda+AXm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  using namespace plasm::tlog;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto proof = ProofFile::Parse(bytes);
  if (proof) {
    FUZZ_EXPECT(proof->Serialize() == AsText(bytes));
    FUZZ_EXPECT(proof->hashes.size() <= kMaxProofHashes);
  }
  static const auto key = VerifierKey::FromText(kKey);
  FUZZ_EXPECT(key);
  const ExpectedLog log{key->name, {key->key}};
  const auto check = CheckLoggedEntry(AsBytes("leaf 6"), bytes, log, nullptr, 0);
  if (check.status == LoggedEntryStatus::kLogged) {
    FUZZ_EXPECT(proof && check.index == 6 && check.head.size == 11);
  } else {
    FUZZ_EXPECT(check.status == LoggedEntryStatus::kBadLogProof && !check.reason.empty());
  }
  return 0;
}
