// Makes a log for other programs to check:
//
//   make_log FOLDER PROOFS COUNT GROUP
//
// COUNT entries in groups of GROUP, and under PROOFS some proofs, of entries and of growth.
// Prints the log's verifier key. The last checkpoint carries a cosignature too.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "base/testing/fixed_entropy.h"
#include "tlog/cosignature.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/log_writer.h"
#include "tlog/witness_request.h"

namespace plasm::tlog {
namespace {

crypto::SigningKey Key(unsigned char first) {
  plasm::testing::FixedEntropy entropy(first);
  return crypto::SigningKey::Generate(entropy);
}

std::string Entry(std::uint64_t index) {
  return "urn:plasm:leaf:v1\nreceipt " + Sha256Of(AsBytes(std::to_string(index))).ToHex() + "\n";
}

Result<void> Save(const std::filesystem::path& path, const std::string& text) {
  return WriteFileAtomically(path, AsBytes(text), {.durability = Durability::kBuffered});
}

Result<void> Make(const std::filesystem::path& path, const std::filesystem::path& proofs,
                  std::uint64_t count, std::uint64_t group) {
  const crypto::SigningKey key = Key(1);
  const std::string origin = "plasm.invalid/interop";
  PLASM_TRY(SystemFolder folder, SystemFolder::Open(path, SystemFolder::Access::kWrite));
  FolderStorage storage(folder);
  PLASM_TRY(LogWriter log, LogWriter::Create(storage, origin, key));
  std::vector<SignedCheckpoint> checkpoints;
  while (log.size() < count) {
    std::vector<std::string> texts;
    for (std::uint64_t i = log.size(); i < std::min(count, log.size() + group); ++i) {
      texts.push_back(Entry(i));
    }
    std::vector<ByteView> entries;
    for (const std::string& text : texts) entries.push_back(AsBytes(text));
    if (auto appended = log.Append(entries); !appended) return std::move(appended).error();
    checkpoints.push_back(log.checkpoint());
  }
  const std::string text = log.checkpoint().note.text;
  PLASM_TRY_VOID(log.PublishCosignatures(
      text, std::vector{Cosign(text, "witness.invalid", Key(9), 1'790'000'000)}));

  PLASM_TRY_VOID(CreateFolders(proofs, 0755));
  const std::uint64_t step = std::max<std::uint64_t>(1, count / 50);
  for (std::uint64_t index = 0; index < count; index += step) {
    PLASM_TRY(const ProofFile proof, log.Proof(index));
    PLASM_TRY_VOID(Save(proofs / (std::to_string(index) + ".tlog-proof"), proof.Serialize()));
  }
  PLASM_TRY(const ProofFile last, log.Proof(count - 1));
  PLASM_TRY_VOID(Save(proofs / "last.tlog-proof", last.Serialize()));
  PLASM_TRY(const ProofFile early, log.Proof(0, checkpoints.front()));
  PLASM_TRY_VOID(Save(proofs / "early.tlog-proof", early.Serialize()));
  for (std::size_t i = 0; i < checkpoints.size(); i += std::max<std::size_t>(1, i)) {
    const std::uint64_t size = checkpoints[i].checkpoint.head.size;
    PLASM_TRY(auto proof, log.ConsistencyProof(size));
    const AddCheckpointRequest request{size, std::move(proof), log.checkpoint()};
    PLASM_TRY_VOID(Save(proofs / (std::to_string(size) + ".request"), request.Serialize()));
  }
  std::printf("%s\n", LogVerifierKey(origin, key.public_key()).ToText().c_str());
  return {};
}

}  // namespace
}  // namespace plasm::tlog

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "make_log FOLDER PROOFS COUNT GROUP\n");
    return 2;
  }
  const auto made = plasm::tlog::Make(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10),
                                      std::strtoull(argv[4], nullptr, 10));
  if (!made) std::fprintf(stderr, "make_log: %s\n", made.error().message.c_str());
  return made ? 0 : 1;
}
