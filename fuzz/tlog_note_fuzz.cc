// Notes, checkpoints, verifier keys and what a witness is sent: what is accepted is what we
// would have written, and nobody can sign for a key that he does not have.
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/hex.h"
#include "expect.h"
#include "tlog/checkpoint.h"
#include "tlog/witness_request.h"

namespace {

// The key that has signed the seeds, of which all have this text.
constexpr std::string_view kKey =
    "plasm.invalid/log+2d4a6dda+AXm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  using namespace plasm::tlog;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto note = ParseNote(bytes)) {
    FUZZ_EXPECT(SerializeNote(*note) == AsText(bytes));
    FUZZ_EXPECT(!note->signatures.empty() && note->text.ends_with('\n'));
    static const auto known = VerifierKey::FromText(kKey);
    FUZZ_EXPECT(known);
    if (VerifyNote(*note, std::span(&*known, 1))) {
      FUZZ_EXPECT(note->text.starts_with("plasm.invalid/log\n11\n"));
    }
  }
  if (const auto checkpoint = Checkpoint::FromText(AsText(bytes))) {
    FUZZ_EXPECT(checkpoint->Text() == AsText(bytes));
    FUZZ_EXPECT(checkpoint->head.size <= kMaxTreeSize);
  }
  if (const auto checkpoint = SignedCheckpoint::Parse(bytes)) {
    FUZZ_EXPECT(checkpoint->Serialize() == AsText(bytes));
  }
  if (const auto key = VerifierKey::FromText(AsText(bytes))) {
    FUZZ_EXPECT(key->ToText() == AsText(bytes));
  }
  if (const auto request = AddCheckpointRequest::Parse(bytes)) {
    FUZZ_EXPECT(request->Serialize() == AsText(bytes));
    FUZZ_EXPECT(request->proof.size() <= kMaxProofHashes);
  }
  if (const auto lines = ParseSignatureLines(bytes)) {
    std::string text;
    for (const NoteSignature& line : *lines) text += SerializeSignatureLine(line);
    FUZZ_EXPECT(text == AsText(bytes));
  }
  return 0;
}
